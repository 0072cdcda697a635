import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';

/** The full path of a program on PATH, or null. */
export function onPath(name, env = process.env) {
  const names = process.platform === 'win32' ? [`${name}.exe`, name] : [name];
  for (const dir of (env.PATH ?? '').split(delimiter)) {
    for (const file of names) {
      if (dir !== '' && isExecutable(join(dir, file))) return join(dir, file);
    }
  }
  return null;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `[major, minor]` that the program itself reports, or null when it does not run. */
export async function versionOf(program) {
  const { code, output } = await run(program, ['--version']);
  const match = /v=?(\d+)\.(\d+)/.exec(output);
  return code === 0 && match !== null ? [Number(match[1]), Number(match[2])] : null;
}

export function isAtLeast(version, [major, minor]) {
  return version !== null && (version[0] > major || (version[0] === major && version[1] >= minor));
}
