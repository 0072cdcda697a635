import type { Asked, Preview } from '#chatops';
import { type Text, utc } from '#core';
import { databasesOf, type Naming, RestoreAsInput, restoreAsWorkflow } from '#restore';
import { refuseLeaving } from '#vault';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { chooseMoment, momentLines } from './choose-moment.ts';
import type { WantedPoint } from './choose-point.ts';
import { coldLines } from './cold-lines.ts';
import { lookAtChoice } from './look-at-choice.ts';
import { newNames, refuseExisting, refuseForbidden } from './new-names.ts';
import { usualTime } from './restore-preview.ts';

interface RestoreAsArgs extends WantedPoint {
  readonly only: string | undefined;
  readonly as: string;
}

const NAMES_SHOWN = 6;

/** In the facts, where the moment is the backup's own. */
const ITS_OWN = 'as the backup is';

/**
 * What a restore under new names would do. It replaces nothing, but it writes where live data is, so it needs the consent
 * that a swap needs. Made anew for the start of a run, it is of the moment that people approved: "latest" and "10 minutes
 * ago" would mean another by then.
 */
export async function restoreAsPreview(args: RestoreAsArgs, asked: Asked, world: HoldfastWorld): Promise<Preview> {
  const { plan } = world;
  const wanted = newNames(args.as, args.only, plan.mongodb.databases);
  const { naming, namespaces } = wanted;
  refuseForbidden(wanted, plan);
  const chosen = await chooseMoment(wantedPoint(args, asked.approved), asked.at, world);
  const { point, header, moment } = chosen;
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
      backup: header.backup,
      asOf: point.until ? utc(moment) : ITS_OWN,
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
          [await usualTime(world, restoreAsWorkflow.name)],
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

/** What people approved; else what was typed. */
function wantedPoint({ backup, to }: WantedPoint, approved: Asked['approved']): WantedPoint {
  const [of, asOf] = [approved?.['backup'], approved?.['asOf']];
  if (typeof of !== 'string' || typeof asOf !== 'string') return { backup, to };
  return { backup: of, to: asOf === ITS_OWN ? undefined : asOf };
}

const nameWords = (naming: Naming, namespaces: readonly string[]): string[] =>
  'database' in naming
    ? namespaces.map((chosen) => `${chosen} -> ${naming.database}.${chosen.slice(chosen.indexOf('.') + 1)}`)
    : naming.names.map(({ from, to }) => `${from} -> ${to}`);

const endsCaptured = (databases: readonly string[]): Text => [
  `${databases.join(', ')} is backed up: what is loaded is in no oplog, so captured history begins anew, and a backup follows by itself.`,
];
