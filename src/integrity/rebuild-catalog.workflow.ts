import { z } from 'zod';
import { counted, type Text } from '#core';
import { Comparison, compareCatalog, mendedBy, type Vault } from '#vault';
import { defineWorkflow, notYet } from '#workflow';

/** All that making the catalog again touches. */
export interface CatalogWorld {
  readonly vault: Vault;
}

export const RebuildInput = z.object({});
export type RebuildInput = z.output<typeof RebuildInput>;

/**
 * Makes the catalog of backups again from the buckets alone: reads every manifest, opens it with its key, and writes down
 * what there is. Nothing in a bucket is touched, so it needs nobody and may be stopped or begun again at any time.
 */
export const rebuildCatalogWorkflow = defineWorkflow<CatalogWorld>()('catalog-rebuild', {
  input: RebuildInput,
  exclusive: 'catalog-rebuild',
})
  .step('read', {
    output: Comparison,
    says: () => ({ todo: 'Read every manifest in the buckets', done: 'every manifest read' }),
    tells: (comparison) => comparedText(comparison),
    // What is written twice is the same.
    observe: async () => notYet,
    run: async ({ world, signal, report }) =>
      compareCatalog(world.vault, {
        everything: true,
        signal,
        onProgress: (looked, all) =>
          report({ text: [`${looked} of ${counted(all, 'backup')}`], share: Math.min(0.99, looked / all) }),
      }),
    timeoutMs: 6 * 3_600_000,
    retry: { times: 5, everyMs: 5_000 },
  })
  .build();

function comparedText(comparison: Comparison): Text {
  const { entries, unreadable, silent } = comparison;
  const mended = mendedBy(comparison);
  return [
    `${counted(entries, 'backup')} found. `,
    mended === 0 ? 'The catalog was right.' : `${counted(mended, 'difference')} put right.`,
    unreadable.count > 0 ? ` ${unreadable.count} can not be read.` : '',
    silent.length > 0 ? ` No answer from ${silent.map(({ region }) => region).join(', ')}.` : '',
  ];
}
