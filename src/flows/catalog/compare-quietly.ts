import { bold, type Text } from '#core';
import { type Comparison, compareCatalog, mendedBy } from '#vault';
import { askOnSchedule } from '../ask-by-itself.ts';
import type { Flow } from '../flow.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { differenceLines } from './difference-words.ts';

/** Longer than any catalog takes; whoever is cut off begins anew with the next hour. */
const WITHIN_MS = 600_000;

/**
 * The hourly comparison. Nobody hears of it unless something differed: that is put right and recorded, and everything is
 * read anew by a run that the channel sees, because what wrote one thing wrong may have written more. Idempotent by
 * `occurrence`. Throws as `compareCatalog` does.
 */
export async function compareQuietly(occurrence: string, flow: Flow<HoldfastWorld>): Promise<void> {
  const { vault } = flow.world.backup;
  const comparison = await compareCatalog(vault, { everything: false, signal: AbortSignal.timeout(WITHIN_MS) });
  if (mendedBy(comparison) === 0) return;
  await flow.timeline.append({
    id: `catalog/${occurrence}`,
    kind: 'note',
    actor: 'holdfast',
    text: mendedText(comparison),
    inThread: false,
    data: { added: comparison.added.first, changed: comparison.changed.first, gone: comparison.gone.first },
  });
  await askOnSchedule('catalog rebuild', occurrence, flow);
}

const mendedText = (comparison: Comparison): Text => [
  bold('The catalog of backups was not as the buckets are'),
  ' and was put right. ',
  ...differenceLines(comparison).flatMap((line): Text => [...line, '. ']),
];
