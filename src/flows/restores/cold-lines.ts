import type { Text } from '#core';
import { FETCH_HOURS, type StorageClass } from '#ports';
import { type BackupPlace, committedHeader, type ManifestHeader, toldClass, type Vault } from '#vault';

/** Far more than a chain is let grow to. */
const MOST_LINKS = 100;

/**
 * That a restore has to wait for cold storage first, and for how long; nothing where all of it is read at once. By what was
 * told to move: a bucket may be days late with it, and then nobody waits.
 */
export async function coldLines(vault: Vault, header: ManifestHeader): Promise<Text[]> {
  const cold: { readonly place: BackupPlace; readonly class: StorageClass }[] = [];
  let next: ManifestHeader | undefined = header;
  for (let link = 0; next && link < MOST_LINKS; link += 1) {
    const told = await toldClass(vault, next);
    if (told && FETCH_HOURS[told] !== undefined) cold.push({ place: next, class: told });
    next = next.parent ? (await committedHeader(vault, next.parent))?.header : undefined;
  }
  if (cold.length === 0) return [];
  const hours = Math.max(...cold.map((each) => FETCH_HOURS[each.class] ?? 0));
  const where = [...new Set(cold.map((each) => each.class))].join(' and ');
  return [
    [
      `${cold.map(({ place }) => place.backup).join(', ')} lies in ${where}: it is fetched first, which takes up to ${hours} h. Nothing is written before that.`,
    ],
  ];
}
