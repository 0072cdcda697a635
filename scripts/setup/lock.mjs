import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from './refusal.mjs';

const GIVE_UP_AFTER_MS = 20 * 60_000;
/** A lock without a pid this old was left by a process that died between the two system calls. */
const PIDLESS_IS_STALE_AFTER_MS = 10_000;

function ownerOf(dir) {
  try {
    return Number(readFileSync(join(dir, 'pid'), 'utf8')) || null;
  } catch {
    return null;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function isStale(dir) {
  const owner = ownerOf(dir);
  if (owner !== null) return !isAlive(owner);
  try {
    return Date.now() - statSync(dir).mtimeMs > PIDLESS_IS_STALE_AFTER_MS;
  } catch {
    return false;
  }
}

function takeAway(dir) {
  // Renamed before it is removed: of two processes that both saw it stale, only one rename succeeds.
  const aside = `${dir}.stale-${process.pid}`;
  try {
    renameSync(dir, aside);
  } catch {
    return;
  }
  const owner = ownerOf(aside);
  if (owner !== null && isAlive(owner)) renameSync(aside, dir);
  else rmSync(aside, { recursive: true, force: true });
}

/**
 * Takes the lock `dir`, waiting for a live owner and taking over from a dead one.
 * @param {string} dir
 * @param {(ownerPid: number | null) => void} onWait called once when somebody else holds it
 * @returns {Promise<() => void>} gives it back; safe to call twice
 */
export async function takeLock(dir, onWait) {
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
  let told = false;
  while (Date.now() < giveUpAt) {
    try {
      mkdirSync(dir);
      writeFileSync(join(dir, 'pid'), String(process.pid));
      return () => {
        if (ownerOf(dir) === process.pid) rmSync(dir, { recursive: true, force: true });
      };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isStale(dir)) {
      takeAway(dir);
      continue;
    }
    if (!told) onWait(ownerOf(dir));
    told = true;
    await sleep(200);
  }
  throw new Refusal(
    `Another set-up (process ${ownerOf(dir)}) has been running for over 20 min. End it, or remove ${dir}.`,
  );
}
