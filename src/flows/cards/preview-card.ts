import { type Preview, previewHash } from '#chatops';
import { bold, mention, shortHash, type Text } from '#core';
import type { Card } from '#ports';
import type { Need } from '../request-record.ts';
import { card, lines, section, small } from './parts.ts';

/** What a command would do, shown and nothing more: `--dry-run`. */
export function previewCard(preview: Preview, needs: readonly Need[]): Card {
  const who: Text[] = needs.map(({ label, eligible }) => [
    `- ${label}: `,
    ...eligible.flatMap((person, index) => (index === 0 ? [mention(person)] : [' ', mention(person)])),
  ]);
  return card(`Dry run: ${preview.title}. Nothing was changed.`, [
    lines([bold(`DRY RUN - ${preview.title}`)]),
    preview.sections.map(section),
    preview.details.map(section),
    lines([bold(needs.length === 0 ? "Needs nobody's approval" : 'Would need')], ...who),
    small(
      `Nothing was changed and nobody was asked. Preview ${shortHash(previewHash(preview))}. `,
      ...preview.smallPrint,
    ),
  ]);
}
