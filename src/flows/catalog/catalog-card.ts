import { at, bold, counted, type Text } from '#core';
import type { Card } from '#ports';
import { type Comparison, MOST_ENTRIES, mendedBy, remembered } from '#vault';
import { card, lines, small } from '../cards/parts.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { differenceLines, troubleLines } from './difference-words.ts';

const PRINT =
  'What the buckets have, kept for quick lists; nothing is restored or deleted by it. Anew: /dr catalog rebuild';

/** `/dr catalog`: what is in the catalog of backups, and how it compared with the buckets. */
export async function catalogCard({ backup }: Pick<HoldfastWorld, 'backup'>): Promise<Card> {
  const known = await remembered(backup.vault, MOST_ENTRIES);
  if (!known) {
    return card('The catalog does not answer.', [
      lines([bold('Catalog of backups'), ' - the control store does not answer.']),
      lines(['Lists are read from the buckets meanwhile, so they take longer. Nothing was changed.']),
      small('Why, and what to do: dr doctor'),
    ]);
  }
  const [newest] = known.entries;
  const count = counted(known.entries.length, 'backup');
  if (!known.state) {
    return card('No catalog yet.', [
      lines([bold('Catalog of backups'), ' - not made yet.']),
      lines(['It is made by the next hourly comparison, or now: /dr catalog rebuild']),
      small('Lists are read from the buckets meanwhile, so they take longer.'),
    ]);
  }
  const { newest: compared, mended } = known.state;
  return card(`Catalog: ${count}`, [
    lines(
      [bold('Catalog of backups'), ` - ${count}${newest ? `, the newest ${newest.backup}` : ''}`],
      ...comparedLines(compared),
    ),
    mended && mended.at < compared.at ? lines(['Last put right ', at(mended.at), ':'], ...differenceLines(mended)) : [],
    troubleLines(compared).length > 0 ? lines(...troubleLines(compared)) : [],
    small(PRINT),
  ]);
}

function comparedLines(compared: Comparison): Text[] {
  const how = compared.everything ? 'every manifest read' : 'by their marks';
  const what = mendedBy(compared) === 0 ? 'no difference.' : 'put right:';
  return [['Compared with the buckets ', at(compared.at), `, ${how}: ${what}`], ...differenceLines(compared)];
}
