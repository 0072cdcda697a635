import { readFileSync } from 'node:fs';
import { z } from 'zod';

const RuntimePaths = z.object({
  node: z.string(),
  mongod: z.string(),
  redisServer: z.string(),
  python: z.string(),
  motoPath: z.string(),
});
export type RuntimePaths = z.output<typeof RuntimePaths>;

let known: RuntimePaths | undefined;

/** Where set-up put the servers. @throws Error telling to run set-up when it has not run */
export function runtimePaths(): RuntimePaths {
  if (known !== undefined) return known;
  try {
    known = RuntimePaths.parse(JSON.parse(readFileSync(new URL('../../.runtime/paths.json', import.meta.url), 'utf8')));
  } catch (cause) {
    throw new Error('The servers are not set up. Run: node scripts/setup.mjs', { cause });
  }
  return known;
}
