import { z } from 'zod';
import { counted, formatBytes, type Text } from '#core';
import { defineWorkflow, notYet } from '#workflow';
import { mark } from './mark.ts';
import { sayRetained } from './remove-unit.ts';
import type { RetentionWorld } from './retention-world.ts';
import { sweep } from './sweep.ts';
import { unitName } from './units.ts';

/** What a run of prune is given: the units that people saw and agreed may go. None: it only marks. */
export const PruneInput = z.object({ sweep: z.array(z.string()) });
export type PruneInput = z.output<typeof PruneInput>;

const Count = z.number().int().nonnegative();

export const MarkedCounts = z.object({
  /** What stays and what is marked, newly and in all. */
  kept: Count,
  marked: Count,
  added: Count,
  dropped: Count,
  /** Backups whose locks were made longer. */
  extended: Count,
  bytes: Count,
});
export type MarkedCounts = z.output<typeof MarkedCounts>;

export const SweptThings = z.object({
  removed: z.array(z.object({ name: z.string(), why: z.string(), bytes: Count })),
  retained: z.array(z.object({ name: z.string(), until: z.string() })),
  uploads: Count,
});
export type SweptThings = z.output<typeof SweptThings>;

/**
 * Marks what nothing needs and makes locks as long as their terms; then deletes what was marked long enough ago and is
 * on its list. Every step proves again what it does, so each may be begun again at any time; what was deleted does not
 * come back.
 */
const pruneAs = <Name extends string>(name: Name) =>
  defineWorkflow<RetentionWorld>()(name, { input: PruneInput, exclusive: 'prune' })
    .step('mark', {
      output: MarkedCounts,
      says: () => ({ todo: 'Prove what nothing needs, mark it, lock what stays', done: 'marked' }),
      tells: (counts) => markedText(counts),
      // A mark that is there keeps its time, and a lock its length.
      observe: async () => notYet,
      run: async ({ world, signal }) => {
        const { keep, remove, added, dropped, extended } = await mark(world, signal);
        const bytes = remove.reduce((sum, { unit }) => sum + unit.bytes, 0);
        return { kept: keep.length, marked: remove.length, added, dropped, extended, bytes };
      },
      timeoutMs: 6 * 3_600_000,
      retry: { times: 3, everyMs: 10_000 },
    })
    .step('sweep', {
      output: SweptThings,
      says: ({ sweep: list }) =>
        list.length === 0
          ? { todo: 'Delete nothing', done: 'nothing deleted' }
          : { todo: `Prove again and delete ${counted(list.length, 'thing')}`, done: 'deleted in every region' },
      tells: (things) => sweptText(things),
      // What is gone is not there to be deleted again.
      observe: async () => notYet,
      run: async ({ world, input, signal }) => {
        if (input.sweep.length === 0) return { removed: [], retained: [], uploads: 0 };
        const { removed, retained, uploads } = await sweep(world, new Set(input.sweep), signal);
        return {
          removed: removed.map(({ unit, why }) => ({ name: unitName(unit), why, bytes: unit.bytes })),
          retained: retained.map(({ unit, by }) => ({ name: unitName(unit), until: sayRetained(by) })),
          uploads,
        };
      },
      timeoutMs: 24 * 3_600_000,
      retry: { times: 3, everyMs: 10_000 },
    })
    .build();

/** What people approve. */
export const pruneWorkflow = pruneAs('prune');
/** The same every day by the schedule: it deletes nothing unless plan.yaml says that it may. */
export const pruneDailyWorkflow = pruneAs('prune-daily');

const markedText = ({ kept, marked, added, dropped, extended, bytes }: MarkedCounts): Text => [
  `${counted(kept, 'thing')} needed, ${counted(marked, 'thing')} not (${formatBytes(bytes)}): ${added} newly marked`,
  dropped > 0 ? `, ${dropped} no longer` : '',
  extended > 0 ? `. Locks of ${counted(extended, 'backup')} made longer.` : '.',
];

const sweptText = ({ removed, retained, uploads }: SweptThings): Text => [
  removed.length === 0
    ? 'Nothing deleted.'
    : `${counted(removed.length, 'thing')} deleted, ${formatBytes(removed.reduce((sum, { bytes }) => sum + bytes, 0))} in all regions.`,
  retained.length > 0 ? ` ${counted(retained.length, 'thing')} still locked or held.` : '',
  uploads > 0 ? ` ${counted(uploads, 'unfinished upload')} given up.` : '',
];
