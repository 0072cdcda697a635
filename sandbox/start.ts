/** `npm start`: the whole sandbox for a person, until Ctrl-C. `--fresh` forgets what earlier starts left. */
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Company, type CompanyPart, startCompany } from '#sandbox/company';
import {
  makeFolder,
  needPort,
  pagePort,
  partLine,
  Refusal,
  readState,
  removeState,
  START_HELP,
  sandboxFolder,
  startCompanyPage,
  startOptions,
  startOver,
  takeFolder,
  whereToGo,
  writeState,
} from '#sandbox/launch';
import { stopOnSignal } from './stop-signals.ts';

const PER_SECOND = 50;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const startedAt = performance.now();

/** What has to be undone, newest last. */
const undo: (() => unknown)[] = [];
let ending: Promise<void> | undefined;
function end(): Promise<void> {
  ending ??= (async () => {
    for (const each of undo.splice(0).reverse()) await each();
  })();
  return ending;
}

function onReady(part: CompanyPart, about: string): void {
  if (part === 'databases') console.log(partLine(5, 'replica set, 3 members', about, performance.now() - startedAt));
  if (part === 'eld') console.log(partLine(6, 'ELD data and drivers', about));
}

async function start(): Promise<void> {
  const { fresh, help } = startOptions(process.argv.slice(2), process.env);
  if (help) return console.log(START_HELP);
  const folder = sandboxFolder(root, process.env);
  const port = pagePort(process.env);
  makeFolder(folder);
  undo.push(takeFolder(folder, (place) => readState(place)?.page));
  await needPort(port);
  if (fresh) startOver(folder);
  const starting = startCompany({ dir: join(folder, 'company'), perSecond: PER_SECOND, onReady });
  // Ctrl-C while it starts waits for it: half a company has nobody who knows all of it.
  undo.push(async () => (await starting.catch((): Company | undefined => undefined))?.stop());
  const company = await starting;
  if (ending !== undefined) return;
  const page = await startCompanyPage({ company, port, folder });
  undo.push(() => page.stop());
  writeState(folder, page.url, company);
  undo.push(() => removeState(folder));
  console.log(partLine(7, 'bot, worker, Slack page', 'ready'));
  const state = join(folder, 'state.json');
  const near = relative(process.cwd(), state);
  console.log(whereToGo(page.url, near.startsWith('..') ? state : near));
}

stopOnSignal(end);
try {
  await start();
} catch (error) {
  await end().catch(() => undefined);
  console.error(error instanceof Refusal ? error.message : error);
  process.exit(1);
}
