/**
 * Preloaded by the scripts of package.json (node --import): compiled code is kept, so whatever is started a second time is
 * ready in half the time. What those start in turn is told the same folder by sandbox/servers/compile-cache.ts.
 */
import module from 'node:module';
import { fileURLToPath } from 'node:url';

export const COMPILE_CACHE = fileURLToPath(new URL('../node_modules/.cache/holdfast-compile', import.meta.url));

// the terminal's script may be started by an older Node, which has no such cache
module.enableCompileCache?.(COMPILE_CACHE);
