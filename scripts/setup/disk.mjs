import { statfsSync } from 'node:fs';
import { Refusal } from './refusal.mjs';

const inGb = (mb) => (mb / 1000).toFixed(1);

/**
 * Refuses before anything is fetched when the folder's disk can't hold what is missing.
 * @param {string} folder
 * @param {number} partsMb what set-up is about to write here
 * @param {number} dataMb what the sandbox will write here afterwards; 0 when its data is elsewhere
 * @param {number} [freeMb] measured unless given
 */
export function checkDisk(folder, partsMb, dataMb, freeMb = freeMbOf(folder)) {
  if (freeMb >= partsMb + dataMb) return;
  const needs = `Needs ${inGb(partsMb + dataMb)} GB in this folder, ${inGb(freeMb)} GB free.`;
  if (freeMb >= partsMb) throw new Refusal(`${needs} Put it elsewhere: HOLDFAST_SANDBOX_DIR=...`);
  throw new Refusal(`${needs} Free some, or clone it onto a larger disk.`);
}

function freeMbOf(folder) {
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / 1e6;
}
