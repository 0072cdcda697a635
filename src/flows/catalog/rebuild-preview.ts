import type { Preview } from '#chatops';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** What making the catalog again would do. Nothing in a bucket is touched by it, so it needs nobody. */
export async function rebuildPreview({ backup }: Pick<HoldfastWorld, 'backup'>): Promise<Preview> {
  const regions = backup.vault.stores.map(({ region }) => region);
  return {
    title: 'rebuild of the catalog of backups',
    job: 'catalog-rebuild',
    payload: {},
    facts: { regions },
    limits: {},
    live: {},
    sections: [
      {
        lines: [
          [`Lists ${regions.join(', ')}, reads every manifest where it answers, and opens it with its key.`],
          ['What it finds takes the place of what the catalog says. No backup is touched.'],
        ],
      },
    ],
    details: [],
    effect: 'No backup is touched.',
    smallPrint: [],
  };
}
