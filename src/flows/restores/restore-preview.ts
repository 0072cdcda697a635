import type { Preview } from '#chatops';
import { at, formatBytes, formatCount, formatDuration, type Text, utc } from '#core';
import { restoreWorkflow } from '#restore';
import { type ManifestHeader, refuseLeaving } from '#vault';
import { stepHistory } from '#workflow';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { choosePoint, type WantedPoint } from './choose-point.ts';

/** What a restore beside would do. Harmless: nothing live is touched. `askedAt` is what "ago" counts from. */
export async function restorePreview(
  { only, ...wanted }: WantedPoint & { only: string | undefined },
  askedAt: Date,
  world: HoldfastWorld,
): Promise<Preview> {
  const { point, header, moment } = await choosePoint(wanted, askedAt, world);
  await refuseLeaving(world.backup.vault, header);
  const databases = world.plan.mongodb.databases;
  const size = header.restores ?? header;
  const namespaces = only ? namespacesOf(only, databases) : undefined;
  const history = await stepHistory(world.journal, restoreWorkflow.name);
  const took = history.runs > 0 ? `About ${formatDuration(history.totalUsualMs)}` : 'Time not known yet';
  const what = namespaces ? namespaces.join(', ') : databases.join(', ');
  return {
    title: point.until ? `restore to ${utc(moment)} beside` : `restore of ${header.backup} beside`,
    job: 'restore',
    payload: { ...point, databases, ...(namespaces ? { namespaces } : {}) },
    facts: { backup: header.backup, moment: utc(moment), databases, namespaces: namespaces ?? 'all' },
    limits: {},
    live: {},
    sections: [
      {
        lines: [
          ...(point.until ? asOf(what, moment, header) : [[`${what} as of `, at(moment), `, from ${header.backup}.`]]),
          ['Goes beside the live data. Nothing live is touched.'],
          [`${took} for ${formatCount(size.documents)} documents, ${formatBytes(size.bytes)}.`],
        ],
      },
    ],
    details: [],
    effect: 'Nothing live is touched.',
    smallPrint: ['The swap is asked for afterwards, with its own preview and approvals.'],
  };
}

/** The second, in UTC and in the reader's own time, and what leads to it. */
const asOf = (what: string, moment: Date, { backup, window }: ManifestHeader): Text[] => [
  [`${what} as of ${utc(moment)}, which is `, at(moment), ' for you.'],
  [
    `Every write up to the end of that second: ${backup}, and ${formatDuration(moment.getTime() + 1000 - window.end.seconds * 1000)} of captured writes after it.`,
  ],
];

/** `driver_logs,positions` or `eld.driver_logs`: without a database, the plan's first. */
export const namespacesOf = (only: string, databases: readonly string[]): string[] =>
  only
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => (databases.some((database) => name.startsWith(`${database}.`)) ? name : `${databases[0]}.${name}`));
