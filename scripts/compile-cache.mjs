/**
 * Preloaded by the scripts of package.json (node --import): compiled code is kept, so whatever is started a second time is
 * ready in half the time, and so are the processes it starts in turn.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

export const COMPILE_CACHE = fileURLToPath(new URL('../node_modules/.cache/holdfast-compile', import.meta.url));

enableCompileCache(COMPILE_CACHE);
