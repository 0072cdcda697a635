import type { Preview } from '#chatops';
import { formatBytes, formatCount, formatDuration, utc } from '#core';
import { restoreWorkflow } from '#restore';
import { type ManifestHeader, refuseLeaving } from '#vault';
import { stepHistory } from '#workflow';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { chooseMoment, momentLines } from './choose-moment.ts';
import type { WantedPoint } from './choose-point.ts';
import { coldLines } from './cold-lines.ts';
import { lookAtChoice } from './look-at-choice.ts';
import { namespacesOf } from './name-choice.ts';
import { roomLine } from './room-line.ts';

/** What a restore beside would do. Harmless: nothing live is touched. `askedAt` is what "ago" counts from. */
export async function restorePreview(
  { only, ...wanted }: WantedPoint & { only: string | undefined },
  askedAt: Date,
  world: HoldfastWorld,
): Promise<Preview> {
  const chosen = await chooseMoment(wanted, askedAt, world);
  const { point, header, moment } = chosen;
  await refuseLeaving(world.backup.vault, header);
  const databases = world.plan.mongodb.databases;
  const size = sizeOf(header);
  const namespaces = only === undefined ? undefined : namespacesOf(only, databases);
  const cold = await coldLines(world.backup.vault, header);
  const looked = namespaces && (await lookAtChoice({ point, namespaces }, world));
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
          ...momentLines((namespaces ?? databases).join(', '), chosen),
          ...(looked?.lines ?? [[`All of it: ${formatCount(size.documents)} documents, ${formatBytes(size.bytes)}.`]]),
          ...cold,
          ['Goes beside the live data. Nothing live is touched.'],
          [await timeAndRoom(world, restoreWorkflow.name, databases, looked?.bytes ?? size.bytes)],
        ],
      },
    ],
    details: looked ? [{ heading: 'Chosen', lines: looked.details }] : [],
    effect: 'Nothing live is touched.',
    smallPrint: ['The swap is asked for afterwards, with its own preview and approvals.'],
  };
}

/** About how much a backup restores, with all it stands on. */
export const sizeOf = (header: ManifestHeader): { readonly documents: number; readonly bytes: number } =>
  header.restores ?? header;

/** What a restore takes of people's time and of the live servers' disks. */
export async function timeAndRoom(
  world: Pick<HoldfastWorld, 'journal' | 'restore' | 'clock'>,
  workflow: string,
  databases: readonly string[],
  bytes: number,
): Promise<string> {
  const [time, room] = await Promise.all([usualTime(world, workflow), roomLine(world, databases, bytes)]);
  return `${time} ${room}`;
}

/** How long such runs took so far. */
export async function usualTime({ journal }: Pick<HoldfastWorld, 'journal'>, workflow: string): Promise<string> {
  const history = await stepHistory(journal, workflow);
  return history.runs > 0 ? `About ${formatDuration(history.totalUsualMs)}.` : 'Time not known yet.';
}
