import { utc } from '#core';
import { companyBreakers } from '#sandbox/company';
import { ALEX, JOHN, MIKE, requestIn } from './desk.ts';
import { fingerprints, shapeOf } from './live-data.ts';
import { majorityWriteWorks } from './servers-say.ts';
import type { BackedUp, Teller } from './teller.ts';

export const GET_IT_BACK_CLAIMS = 4;
const NAME = 'driver_logs';
/** Of a second: after every entry in it. */
const LAST_INCREMENT = 2 ** 32 - 1;

/**
 * Somebody drops the busiest collection; as it was the second before, it comes back beside, is proved, and is swapped in by
 * two people.
 */
export async function getItBack({ company, desk, story, client }: Teller, { driverLogs }: BackedUp): Promise<void> {
  story.chapter('2 LOSE A COLLECTION, GET IT BACK');
  const shape = await shapeOf(client, NAME);
  // the last whole second that every member has left behind; later the server can't tell any more what was in it
  const second = Math.floor(Date.now() / 1000) - 2;
  const before = await fingerprints(client, NAME, { seconds: second, increment: LAST_INCREMENT });
  const breakers = companyBreakers(company);
  try {
    story.tell(await breakers.run('drop-driver-logs'));
  } finally {
    breakers.stop();
  }
  const command = `/dr restore --to "${utc(new Date(second * 1000))}"`;
  story.tell(`${command} by Mike Johnson`);
  const restore = await desk.ask(MIKE, command);
  story.tell(await desk.until(restore, /^DONE/, 120_000));
  const swap = await desk.root(/^Approve\? swap in/, 60_000);
  story.tell(swap.text.replace(/ Needs .*$/, ''));
  await desk.approve(swap, MIKE);
  await story.claim("Mike Johnson's own approval was refused", async () => {
    const live = await fingerprints(client, NAME);
    const swapped = [...before.keys()].some((id) => live.has(id));
    return {
      holds: !swapped && desk.words(swap).includes('0 of 2'),
      found: swapped ? 'it was swapped in' : 'nothing was swapped',
    };
  });
  await desk.approve(swap, JOHN);
  await desk.approve(swap, ALEX);
  story.tell('John Smith and Alex Chen approve');
  story.tell(await desk.until(swap, /^DONE/, 120_000));
  await story.claim('byte for byte what the server had at that second', async () => {
    const live = await fingerprints(client, NAME);
    const wrong = [...before].filter(([id, hash]) => live.get(id) !== hash).length;
    const count = before.size.toLocaleString('en-US');
    const since = before.size - driverLogs.size;
    return {
      holds: since > 0 && wrong === 0,
      found:
        wrong === 0
          ? `${count} documents, ${since} of them newer than the backup`
          : `${wrong} of ${count} documents differ or are missing`,
    };
  });
  await story.claim('same options, validator and indexes', async () => {
    const now = await shapeOf(client, NAME);
    return { holds: now.text === shape.text, found: now.text === shape.text ? `${now.indexes} indexes` : now.text };
  });
  await story.claim(`writes go on after ${requestIn(swap.text)}`, () => majorityWriteWorks(company));
}
