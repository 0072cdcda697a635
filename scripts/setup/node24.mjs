import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { NODE_PACKAGES } from './pins.mjs';
import { onPath } from './programs.mjs';
import { Refusal, refusalOfDownload } from './refusal.mjs';
import { run } from './run.mjs';

const OLDEST_MAJOR = 24;

const pinned = () => NODE_PACKAGES[`${process.platform}-${process.arch}`];
const folderOf = (runtimeDir, pin) => join(runtimeDir, pin.spec.replace('@', '-'));

/** How many MB the Node package of this platform is, or 0 when there is none. */
export const nodeDownloadMb = () => pinned()?.downloadMb ?? 0;

/** The path of a Node that is new enough, or null when it has to be fetched. */
export async function findNode(runtimeDir) {
  const pin = pinned();
  if (pin !== undefined && existsSync(join(folderOf(runtimeDir, pin), pin.binary))) {
    return join(folderOf(runtimeDir, pin), pin.binary);
  }
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR) return process.execPath;
  const other = onPath('node');
  if (other === null) return null;
  const { code, output } = await run(other, ['--version']);
  return code === 0 && Number(/^v(\d+)/.exec(output)?.[1]) >= OLDEST_MAJOR ? other : null;
}

/** Fetches Node 24 with npm, checks its bytes against the pin, unpacks it beside and renames it. @throws {Refusal} */
export async function fetchNode(runtimeDir) {
  const pin = pinned();
  if (pin === undefined) {
    throw new Refusal(
      `Node ${OLDEST_MAJOR} is needed; found ${process.versions.node}, and there is none to fetch for ${process.platform} ${process.arch}. Install it.`,
    );
  }
  const stage = join(runtimeDir, 'node.stage');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage);
  const packed = await run('npm', ['pack', pin.spec, '--pack-destination', stage, '--loglevel=error'], { cwd: stage });
  if (packed.code !== 0) throw refusalOfDownload(`Node ${OLDEST_MAJOR}`, packed.output);
  const archive = join(stage, `${pin.spec.replace('@', '-')}.tgz`);
  const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (integrity !== pin.integrity) throw refusalOfDownload(`Node ${OLDEST_MAJOR}`, 'EINTEGRITY');
  const unpacked = await run('tar', ['-xzf', basename(archive)], { cwd: stage });
  if (unpacked.code !== 0) throw refusalOfDownload(`Node ${OLDEST_MAJOR}`, unpacked.output);
  renameSync(join(stage, 'package'), folderOf(runtimeDir, pin));
  rmSync(stage, { recursive: true, force: true });
  return join(folderOf(runtimeDir, pin), pin.binary);
}

/**
 * Puts `node` where npm scripts look first. The pre-script that runs this still runs under the older Node; the
 * script after it, started by the same npm, already finds the new one.
 */
export function linkNode(node, root, runtimeDir) {
  link(node, join(runtimeDir, 'bin', 'node'));
  if (node !== process.execPath || node.startsWith(runtimeDir)) link(node, join(root, 'node_modules', '.bin', 'node'));
}

function link(target, path) {
  if (process.platform === 'win32') {
    if (!existsSync(`${path}.exe`)) copyFileSync(target, `${path}.exe`);
    return;
  }
  if (pointsTo(path, target)) return;
  mkdirSync(dirname(path), { recursive: true });
  // linked under another name and renamed over: a test or a script may be looking it up right now
  const fresh = `${path}.${process.pid}`;
  rmSync(fresh, { force: true });
  symlinkSync(target, fresh);
  renameSync(fresh, path);
}

function pointsTo(path, target) {
  try {
    return readlinkSync(path) === target;
  } catch {
    return false;
  }
}
