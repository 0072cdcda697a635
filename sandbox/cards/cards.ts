/**
 * `npm run cards -- FOLDER [ACT ...]`: a picture at phone size of everything Holdfast shows in Slack, one file each, taken of
 * the real page on a real company while the story of each card happens. For looking at, before and after a change of words.
 * An act needs what the acts before it made; without names all are played.
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Scene, withCamera } from '../camera.ts';
import { backups, keeping } from './acts/backups.ts';
import { decisions } from './acts/decisions.ts';
import { duty } from './acts/duty.ts';
import { incident } from './acts/incident.ts';
import { guest, looking } from './acts/looking.ts';
import { lostRegion } from './acts/lost-region.ts';
import { move, wayBack } from './acts/moves.ts';
import { restores } from './acts/restores.ts';
import { ALEX, become, camera, DESK, type Stage } from './stage.ts';

const ACTS = { looking, guest, duty, incident, backups, keeping, decisions, restores, move, wayBack, lostRegion };

const [where = 'cards', ...names] = process.argv.slice(2);
const folder = resolve(where);
const unknown = names.filter((name) => !Object.hasOwn(ACTS, name));
if (unknown.length > 0) {
  console.error(`There is no act ${unknown.join(', ')}. Acts, in order: ${Object.keys(ACTS).join(', ')}`);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

let exitCode = 0;
async function takeAll({ company, url, browser }: Scene): Promise<void> {
  const context = await browser.newContext({ viewport: DESK, deviceScaleFactor: 2 });
  const tab = await context.newPage();
  tab.setDefaultTimeout(60_000);
  await tab.goto(url);
  await become(tab, ALEX);
  const stage: Stage = { company, tab, take: camera(tab, folder) };
  for (const [name, act] of Object.entries(ACTS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    await act(stage).catch((error: unknown) => {
      exitCode = 1;
      console.error(
        `${name} was not shown to its end: ${error instanceof Error ? error.message.slice(0, 500) : error}`,
      );
    });
  }
}

try {
  await withCamera('cards', takeAll);
} catch (error) {
  console.error(error);
  exitCode = 1;
}
process.exit(exitCode);
