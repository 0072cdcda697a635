import type { Rule, Sighting } from '#alarms';
import type { Text } from '#core';
import { type Readiness, reasonsOf, scoreOf } from '#readiness';
import type { AlarmWorld } from './alarm-world.ts';

/** Whether a region could take over: what is not ready is an alarm before anybody needs it. */
export const regionReady = ({ readiness }: AlarmWorld): Rule => ({
  name: 'readiness',
  about: 'whether each region could take over',
  everyMs: 60_000,
  // a restart, a move or a rebuild takes less
  raiseAfterMs: 10 * 60_000,
  overAfterMs: 0,
  look: async () => (await readiness()).map(sightingOf),
});

const notReady = (readiness: Readiness) => reasonsOf(readiness).filter(({ state }) => state === 'not-ready');

function sightingOf(readiness: Readiness): Sighting {
  const key = `readiness/${readiness.id}`;
  const missing = notReady(readiness);
  const [first] = missing;
  if (!first) return { key, state: 'good' };
  const isBuilt = readiness.how === 'build';
  return {
    key,
    state: 'bad',
    title: `${readiness.id} could not ${isBuilt ? 'be built' : 'take over'}`,
    cause: missing.flatMap(({ check, words }, index): Text => [`${index === 0 ? '' : '; '}${check}: `, ...words]),
    effect: [
      isBuilt
        ? 'Were every region lost that serves, there would be nothing to go on with.'
        : `Were ${readiness.from} lost now, a failover would be refused or fail.`,
    ],
    next: first.next ?? '/dr readiness',
    numbers: { score: scoreOf(readiness), missing: missing.length },
    mark: missing.map(({ check }) => check).join(),
  };
}
