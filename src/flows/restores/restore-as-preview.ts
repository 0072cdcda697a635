import type { Asked, Preview } from '#chatops';
import type { Text } from '#core';
import { databasesOf, RestoreAsInput, restoreAsWorkflow } from '#restore';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { approvedMoment, pointFacts } from './approved-point.ts';
import { momentLines } from './choose-moment.ts';
import type { WantedPoint } from './choose-point.ts';
import { coldLines } from './cold-lines.ts';
import { lookAtChoice } from './look-at-choice.ts';
import { nameWords, newNameLines } from './name-words.ts';
import { newNames, refuseExisting, refuseForbidden } from './new-names.ts';
import { sizeOf, timeAndRoom } from './restore-preview.ts';

interface RestoreAsArgs extends WantedPoint {
  readonly only: string | undefined;
  readonly as: string;
}

/**
 * What a restore under new names would do. It replaces nothing, but it writes where live data is, so it needs the consent
 * that a swap needs.
 */
export async function restoreAsPreview(args: RestoreAsArgs, asked: Asked, world: HoldfastWorld): Promise<Preview> {
  const { plan } = world;
  const wanted = newNames(args.as, args.only, plan.mongodb.databases);
  const { naming, namespaces } = wanted;
  refuseForbidden(wanted, plan);
  const chosen = await approvedMoment(args, asked, world);
  const { point, header } = chosen;
  const cold = await coldLines(world.backup.vault, header);
  const looked = await lookAtChoice({ point, namespaces, naming }, world);
  const target = await world.restore.openTarget();
  try {
    await refuseExisting(naming, target);
  } finally {
    await target.close();
  }
  const databases = databasesOf(naming);
  const captured = databases.filter((database) => plan.mongodb.databases.includes(database));
  const names = nameWords(naming, namespaces);
  return {
    title: `restore ${names.length > 1 ? `${names.length} collections` : names.join('')} under new names`,
    job: restoreAsWorkflow.name,
    payload: RestoreAsInput.parse({ ...point, namespaces, naming, databases, captured: captured.length > 0 }),
    facts: {
      ...pointFacts(chosen),
      chosen: namespaces,
      newNames: names,
    },
    limits: {},
    live: {},
    sections: [
      {
        lines: [
          ...momentLines(namespaces.join(', '), chosen),
          ...looked.lines,
          ...cold,
          ...newNameLines(names),
          ['Stays under these names. Nothing live is replaced.'],
          ['Nothing expires in it, whatever expires in what it is a copy of.'],
          ...(captured.length > 0 ? [endsCaptured(captured)] : []),
          [
            await timeAndRoom(
              world,
              restoreAsWorkflow.name,
              [...databases, ...plan.mongodb.databases],
              looked.bytes ?? sizeOf(header).bytes,
            ),
          ],
        ],
      },
    ],
    details: [
      { heading: 'Chosen', lines: looked.details },
      { heading: 'New names', lines: names.map((name) => [name]) },
    ],
    effect: 'New collections appear; nothing live is replaced.',
    smallPrint: ['Not needed any more? Whoever may drop collections drops it; nothing here does.'],
  };
}

const endsCaptured = (databases: readonly string[]): Text => [
  `${databases.join(', ')} is backed up: what is loaded is in no oplog, so captured history begins anew, and a backup follows by itself.`,
];
