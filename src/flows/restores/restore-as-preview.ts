import type { Asked, Preview } from '#chatops';
import type { Text } from '#core';
import { databasesOf, type Naming, RestoreAsInput, restoreAsWorkflow } from '#restore';
import { refuseLeaving } from '#vault';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { approvedPoint, pointFacts } from './approved-point.ts';
import { chooseMoment, momentLines } from './choose-moment.ts';
import type { WantedPoint } from './choose-point.ts';
import { coldLines } from './cold-lines.ts';
import { lookAtChoice } from './look-at-choice.ts';
import { newNames, refuseExisting, refuseForbidden } from './new-names.ts';
import { sizeOf, timeAndRoom } from './restore-preview.ts';

interface RestoreAsArgs extends WantedPoint {
  readonly only: string | undefined;
  readonly as: string;
}

const NAMES_SHOWN = 6;

/**
 * What a restore under new names would do. It replaces nothing, but it writes where live data is, so it needs the consent
 * that a swap needs.
 */
export async function restoreAsPreview(args: RestoreAsArgs, asked: Asked, world: HoldfastWorld): Promise<Preview> {
  const { plan } = world;
  const wanted = newNames(args.as, args.only, plan.mongodb.databases);
  const { naming, namespaces } = wanted;
  refuseForbidden(wanted, plan);
  const chosen = await chooseMoment(approvedPoint(args, asked.approved), asked.at, world);
  const { point, header } = chosen;
  await refuseLeaving(world.backup.vault, header);
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
          ...names.slice(0, NAMES_SHOWN).map((name): Text => [`New name: ${name}`]),
          ...(names.length > NAMES_SHOWN ? [[`and ${names.length - NAMES_SHOWN} more`]] : []),
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

export const nameWords = (naming: Naming, namespaces: readonly string[]): string[] =>
  'database' in naming
    ? namespaces.map((chosen) => `${chosen} -> ${naming.database}.${chosen.slice(chosen.indexOf('.') + 1)}`)
    : naming.names.map(({ from, to }) => `${from} -> ${to}`);

const endsCaptured = (databases: readonly string[]): Text => [
  `${databases.join(', ')} is backed up: what is loaded is in no oplog, so captured history begins anew, and a backup follows by itself.`,
];
