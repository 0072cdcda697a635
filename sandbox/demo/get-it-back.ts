import { companyBreakers } from '#sandbox/company';
import { ALEX, JOHN, MIKE, requestIn } from './desk.ts';
import { fingerprints, shapeOf } from './live-data.ts';
import { majorityWriteWorks } from './servers-say.ts';
import type { BackedUp, Teller } from './teller.ts';

export const GET_IT_BACK_CLAIMS = 4;
const NAME = 'driver_logs';

/** Somebody drops the busiest collection; it comes back beside, is proved, and is swapped in by two people. */
export async function getItBack({ company, desk, story, client }: Teller, { driverLogs }: BackedUp): Promise<void> {
  story.chapter('2 LOSE A COLLECTION, GET IT BACK');
  const shape = await shapeOf(client, NAME);
  const breakers = companyBreakers(company);
  try {
    story.tell(await breakers.run('drop-driver-logs'));
  } finally {
    breakers.stop();
  }
  story.tell('/dr restore latest                 by Mike Johnson');
  const restore = await desk.ask(MIKE, '/dr restore latest');
  story.tell(await desk.until(restore, /^DONE/, 120_000));
  const swap = await desk.root(/^Approve\? swap in/, 60_000);
  story.tell(swap.text.replace(/ Needs .*$/, ''));
  await desk.approve(swap, MIKE);
  await story.claim("Mike Johnson's own approval was refused", async () => {
    const live = await fingerprints(client, NAME);
    const swapped = [...driverLogs.keys()].some((id) => live.has(id));
    return {
      holds: !swapped && desk.words(swap).includes('0 of 2'),
      found: swapped ? 'it was swapped in' : 'nothing was swapped',
    };
  });
  await desk.approve(swap, JOHN);
  await desk.approve(swap, ALEX);
  story.tell('John Smith and Alex Chen approve');
  story.tell(await desk.until(swap, /^DONE/, 120_000));
  await story.claim('byte for byte what was backed up', async () => {
    const live = await fingerprints(client, NAME);
    const wrong = [...driverLogs].filter(([id, hash]) => live.get(id) !== hash).length;
    const count = driverLogs.size.toLocaleString('en-US');
    return {
      holds: driverLogs.size > 0 && wrong === 0,
      found: wrong === 0 ? `${count} documents` : `${wrong} of ${count} documents differ or are missing`,
    };
  });
  await story.claim('same options, validator and indexes', async () => {
    const now = await shapeOf(client, NAME);
    return { holds: now.text === shape.text, found: now.text === shape.text ? `${now.indexes} indexes` : now.text };
  });
  await story.claim(`writes go on after ${requestIn(swap.text)}`, () => majorityWriteWorks(company));
}
