import { Refusal } from './refusal.mjs';
import { run } from './run.mjs';

const CANDIDATES = ['python3', 'python3.12', 'python3.11', 'python3.10', 'python'];
const OLDEST_MINOR = 10;
/** Newest Python the redis-server wheel is built for. */
export const NEWEST_WHEEL_MINOR = 12;

const WAY_OUT = 'Debian: apt install python3-pip';

async function look(program) {
  const script = 'import sys,json;print(json.dumps([sys.executable,sys.version_info[0],sys.version_info[1]]))';
  const version = await run(program, ['-c', script]);
  const line = version.output.trim().split('\n').at(-1) ?? '';
  if (version.code !== 0 || !line.startsWith('[')) return null;
  const [executable, major, minor] = JSON.parse(line);
  return { executable, major, minor };
}

/**
 * The Python that will run the S3 stand-in: the first of `PYTHON`, python3, python3.12 ... that is new enough
 * and has pip; one for which every wheel exists is preferred to a newer one.
 * @returns {Promise<{ executable: string, minor: number, tag: string }>}
 * @throws {Refusal} when there is none
 */
export async function findPython(env = process.env) {
  const seen = [];
  let newer = null;
  for (const program of env.PYTHON === undefined ? CANDIDATES : [env.PYTHON]) {
    const python = await look(program);
    if (python === null) continue;
    const tag = `cp${python.major}${python.minor}`;
    if (python.major !== 3 || python.minor < OLDEST_MINOR) {
      seen.push(`${python.major}.${python.minor}`);
      continue;
    }
    if ((await run(python.executable, ['-m', 'pip', '--version'])).code !== 0) {
      seen.push(`${python.major}.${python.minor} without pip`);
      continue;
    }
    const usable = { executable: python.executable, minor: python.minor, tag };
    if (python.minor <= NEWEST_WHEEL_MINOR) return usable;
    newer ??= usable;
  }
  if (newer !== null) return newer;
  const found = seen.length === 0 ? 'none' : seen[0];
  throw new Refusal(
    `Python 3.${OLDEST_MINOR} or newer with pip is needed for the S3 stand-in; found ${found}. ${WAY_OUT}`,
  );
}
