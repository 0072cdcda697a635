import { z } from 'zod';
import { counted, formatDuration } from '#core';
import { BesideVerification, RestoreOnInput, SwapInput } from '#restore';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';

const outputOf = (run: RunRecord, step: string): unknown =>
  run.steps.find(({ name, state }) => name === step && state === 'done')?.output;

/** What people read when a restore stands beside the live data, proved. */
export function restoreReceipt(run: RunRecord): Receipt | undefined {
  const proof = BesideVerification.safeParse(outputOf(run, 'prove'));
  if (!proof.success) return undefined;
  const { collections, documents } = proof.data;
  const replayed = collections.filter(({ comparedWith }) => comparedWith === 'replay').length;
  return {
    headline: 'restored beside, proved equal to the backup',
    sections: [
      {
        heading: 'How we know',
        lines: [
          [
            `${counted(documents, 'document')} in ${counted(collections.length, 'collection')} read back: count, hash, indexes and options are equal.`,
          ],
          replayed > 0
            ? [`${replayed} of them changed while the backup was taken; their hash was worked out without the server.`]
            : [],
        ],
      },
      { heading: 'Nothing live was touched', lines: [[`Put it in place: /dr restore swap ${run.id}`]] },
    ],
  };
}

const Named = z.object({ collections: z.array(z.string()), views: z.array(z.string()) });

/** What people read when a restore has its new names. */
export function restoreAsReceipt(run: RunRecord): Receipt | undefined {
  const named = Named.safeParse(outputOf(run, 'name'));
  const proof = BesideVerification.safeParse(outputOf(run, 'prove'));
  if (!named.success || !proof.success) return undefined;
  const { collections, views } = named.data;
  const names = [...collections, ...views];
  return {
    headline: `restored as ${names.length > 3 ? counted(names.length, 'collection or view', 'collections and views') : names.join(', ')}`,
    sections: [
      {
        heading: 'How we know',
        lines: [
          [
            `${counted(proof.data.documents, 'document')} in ${counted(collections.length, 'collection')} read back before they got their names: count, hash, indexes and options are equal.`,
          ],
        ],
      },
      {
        heading: 'Nothing live was replaced',
        lines: [['Nothing expires in it. It stays until somebody drops it.']],
      },
    ],
  };
}

/** What people read when a restore stands on another cluster. */
export function restoreOnReceipt(run: RunRecord): Receipt | undefined {
  const named = Named.safeParse(outputOf(run, 'name'));
  const proof = BesideVerification.safeParse(outputOf(run, 'prove'));
  const input = RestoreOnInput.safeParse(run.input);
  if (!named.success || !proof.success || !input.success) return undefined;
  const { on } = input.data;
  const names = [...named.data.collections, ...named.data.views];
  const many = counted(names.length, 'collection or view', 'collections and views');
  return {
    headline: `restored to ${on}: ${names.length > 3 ? many : names.join(', ')}`,
    sections: [
      {
        heading: 'How we know',
        lines: [
          [
            `${counted(proof.data.documents, 'document')} in ${counted(proof.data.collections.length, 'collection')} read back on ${on} before they got their names: count, hash, indexes and options are equal.`,
          ],
        ],
      },
      {
        heading: 'Nothing live was touched',
        lines: [[`Nothing expires in it, and nothing backs it up. It stays on ${on} until somebody drops it.`]],
      },
    ],
  };
}

const Paused = z.object({ pausedMs: z.number() });

/** What people read when restored data is live, or put back. */
export function swapReceipt(run: RunRecord): Receipt | undefined {
  const input = SwapInput.safeParse(run.input);
  const paused = Paused.safeParse(outputOf(run, 'reopen-writes'));
  if (!input.success || !paused.success) return undefined;
  const names = input.data.collections.map(({ database, name }) => `${database}.${name}`);
  const undone = run.workflow === 'restore-undo';
  return {
    headline: `${names.length > 3 ? `${names.length} collections` : names.join(', ')} ${undone ? 'put back' : 'swapped in'}`,
    sections: [
      {
        lines: [
          [`Writes paused    ${formatDuration(paused.data.pausedMs)}`],
          undone
            ? ['The restored data stands beside again; nothing was dropped.']
            : [`The old data is kept beside. Undo: /dr restore undo ${run.id}`],
        ],
      },
    ],
  };
}
