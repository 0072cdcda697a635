/** `npm run demo`: a real recovery, told and checked line by line. Exit 0 only if every claim was checked and held. */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { type Company, startCompany } from '#sandbox/company';
import { makeFolder, Refusal, sandboxFolder, takeFolder } from '#sandbox/launch';
import { stopOnSignal } from '../stop-signals.ts';
import { BACK_UP_CLAIMS, backUp } from './back-up.ts';
import { clockOf, createStory, exitCodeOf, messageOf } from './claims.ts';
import { COME_BACK_CLAIMS, comeBack } from './come-back.ts';
import { openDesk } from './desk.ts';
import { GET_IT_BACK_CLAIMS, getItBack } from './get-it-back.ts';
import { LOSE_REGION_CLAIMS, surviveLoss } from './lose-region.ts';
import { writeRecord } from './record.ts';

const CLAIMS = BACK_UP_CLAIMS + GET_IT_BACK_CLAIMS + LOSE_REGION_CLAIMS + COME_BACK_CLAIMS;
const PER_SECOND = 30;
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const startedAt = performance.now();
const story = createStory(
  (line) => console.log(line),
  () => performance.now() - startedAt,
);

let starting: Promise<Company> | undefined;
const stop = async (): Promise<void> => (await starting?.catch(() => undefined))?.stop();
stopOnSignal(stop);

async function play(folder: string): Promise<void> {
  starting = startCompany({
    dir: join(folder, 'company'),
    perSecond: PER_SECOND,
    // each share waits for resolvers; two show that there are several
    plan: [
      [
        ['failover', 'failback', 'traffic_percent'],
        [25, 100],
      ],
    ],
    onReady: () => undefined,
  });
  const company = await starting;
  const client = new MongoClient(company.databases.eld.uri('root'), { serverSelectionTimeoutMS: 15_000 });
  story.tell(`a company of ${company.databases.eld.members.length} mongods in 2 regions runs, drivers write`);
  try {
    const teller = { company, client, story, desk: openDesk(company.slack) };
    const backedUp = await backUp(teller);
    await getItBack(teller, backedUp);
    await surviveLoss(teller);
    await comeBack(teller);
  } catch (error) {
    await story.claim('the story goes on', async () => ({ holds: false, found: messageOf(error) }));
    console.log(`        logs: ${join(company.dir, 'logs')}`);
  } finally {
    const { made, checked, failed } = story.counts();
    const path = writeRecord(folder, story.lines(), company.slack);
    console.log(
      `\n5 RESULT   ${made} claims, ${checked} checked, ${failed} failed     ${clockOf(performance.now() - startedAt)}`,
    );
    console.log(`  The record: ${relative(process.cwd(), path)} (open it)\n  Now by hand: npm start`);
    await client.close();
  }
}

try {
  const folder = join(sandboxFolder(root, process.env), 'demo');
  mkdirSync(folder, { recursive: true });
  takeFolder(folder, () => undefined);
  rmSync(join(folder, 'company'), { recursive: true, force: true, maxRetries: 3 });
  makeFolder(folder);
  console.log('Holdfast demo - a real recovery on this machine, about 3 min');
  console.log("Every line marked OK was checked on the servers, not in\nHoldfast's own records.\n");
  await play(folder);
  process.exitCode = exitCodeOf(story.counts(), CLAIMS);
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = 1;
}
await stop().catch((error: unknown) => console.error(error));
process.exit();
