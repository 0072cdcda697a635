import { openControlStore } from '#adapters/control-store';
import { RequestId, systemClock, systemRandom } from '#core';
import { createTimeline } from '#record';

/** A process that appends as fast as it can, for tests that kill it: MongoDB URI, database, its name, how many. */
const [uri = '', database = '', name = '', count = '0'] = process.argv.slice(2);
const { store, close } = openControlStore({ uri, database });
const timeline = createTimeline({ store, clock: systemClock, random: systemRandom });
for (let index = 0; index < Number(count); index += 1) {
  await timeline.append({
    id: `${name}/${index}`,
    request: RequestId.parse('R-42'),
    kind: 'note',
    actor: 'holdfast',
    text: [`Fact ${index}.`],
    inThread: true,
  });
  process.stdout.write(`${name}/${index}\n`);
}
await close();
