import type { Preview } from '#chatops';
import { counted, DrError } from '#core';
import type { WhichKeys } from '#keys';
import { listKeys } from '#vault';
import type { KeysWorld } from './keys-card.ts';

/** What wrapping data keys anew would do. Nothing is touched or removed by it, so it needs nobody. */
export async function rotatePreview(
  { due }: { due: boolean },
  world: Pick<KeysWorld, 'backup' | 'plan'>,
): Promise<Preview> {
  const { vault } = world.backup;
  const days = world.plan.encryption.keyRotationDays;
  const which: WhichKeys = due ? { kind: 'due', days } : { kind: 'all' };
  const { keys, unreadable } = await listKeys(vault);
  if (keys.length + unreadable.length === 0) {
    throw new DrError('BACKUP_UNKNOWN', 'user', 'There is no backup yet, so there is no key. Nothing was changed.', {
      hint: 'Take one: /dr backup mongodb',
    });
  }
  const regions = vault.keys.map(({ region }) => region);
  const words = due
    ? `Of ${counted(keys.length, 'data key')}, those wrapped more than ${days} days ago or not in every region.`
    : `All ${counted(keys.length, 'data key')}.`;
  return {
    title: due ? `rotation of keys older than ${days} days` : `rotation of ${counted(keys.length, 'key')}`,
    job: 'keys-rotate',
    payload: { which },
    facts: { which, regions },
    limits: {},
    live: {},
    sections: [
      {
        lines: [
          [words],
          [`Wrapped anew under the current key of ${regions.join(', ')}, beside the wraps there are.`],
          ['No data is touched and nothing is removed. Then each key alone opens the newest backup.'],
        ],
      },
    ],
    details: [],
    effect: 'No data is touched.',
    smallPrint: [],
  };
}
