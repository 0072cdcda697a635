import { at, bold, formatBytes, formatDuration, type Text } from '#core';
import { sayRetention } from '#plan';
import type { Card } from '#ports';
import { type BackupListing, listBackups } from '#vault';
import { card, lines, small } from '../cards/parts.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';

const SHOWN = 5;

/** `/dr backups`: newest first, two lines each; from the buckets alone, so it is true also when the catalog is not. */
export async function backupsCard(world: HoldfastWorld, skip = 0): Promise<Card> {
  const { backups, unreachable } = await listBackups(world.backup.vault, { limit: skip + SHOWN + 1 });
  const shown = backups.slice(skip, skip + SHOWN);
  const silent = unreachable.map(({ region }) => region);
  if (shown.length === 0) {
    return card('No backup yet.', [
      lines(['No backup yet. Start one: /dr backup mongodb']),
      silent.length > 0 ? [lines([`No answer from ${silent.join(', ')}: there may be backups there.`])] : [],
    ]);
  }
  const [newest] = backups;
  const reach = newest && newest.state !== 'UNREADABLE' ? endOf(newest) : undefined;
  return card('MongoDB backups', [
    lines([bold('MongoDB backups'), ...(reach ? [' - the newest can be restored to ', at(reach)] : [])]),
    ...shown.map((backup) => lines(...listingLines(backup))),
    small(
      `Kept ${sayRetention(world.plan.mongodb.retention)}. `,
      backups.length > skip + SHOWN ? `Older: /dr backups --skip ${skip + SHOWN}. ` : '',
      silent.length > 0 ? `No answer from ${silent.join(', ')}.` : '',
    ),
  ]);
}

const endOf = (listing: Extract<BackupListing, { header: unknown }>): Date =>
  new Date(listing.header.window.end.seconds * 1000);

function listingLines(listing: BackupListing): Text[] {
  if (listing.state === 'UNREADABLE') {
    return [
      [bold(listing.place.backup), '   UNREADABLE'],
      [`  ${listing.problem.message} Seen in ${listing.regions.join(', ')}.`],
    ];
  }
  const { header, regions, check, state } = listing;
  const took = new Date(header.finishedAt).getTime() - new Date(header.startedAt).getTime();
  const damage = check?.damage[0];
  const sizes = `${formatBytes(header.bytes)} as ${formatBytes(header.storedBytes)}, ${formatDuration(took)}`;
  const verdict = damage
    ? `DAMAGED in ${damage.region}${check.restorable ? ', restorable from another region' : ''}`
    : state;
  return [
    [at(endOf(listing)), `, ${header.kind}   `, bold(header.backup)],
    [`  ${sizes}. ${verdict}. ${regions.join(', ')}`],
  ];
}
