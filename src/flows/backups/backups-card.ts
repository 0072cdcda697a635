import { at, bold, formatBytes, formatDuration, type Text } from '#core';
import { sayRetention } from '#plan';
import type { Card } from '#ports';
import { type BackupListing, type ShownBackups, shownBackups } from '#vault';
import { card, lines, small } from '../cards/parts.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { windowLine } from './window-card.ts';

const SHOWN = 5;
/** All that may be the base of a window. */
const ALL = 60;

/** `/dr backups`: newest first, two lines each; as the catalog has them, or the buckets where there is none. */
export async function backupsCard(
  world: Pick<HoldfastWorld, 'backup' | 'plan' | 'clock' | 'store'>,
  skip = 0,
): Promise<Card> {
  const list = await shownBackups(world.backup.vault, { limit: Math.max(skip + SHOWN + 1, ALL) });
  const { backups, unreachable } = list;
  const shown = backups.slice(skip, skip + SHOWN);
  const silent = unreachable.map(({ region }) => region);
  if (shown.length === 0) {
    return card('No backup yet.', [
      lines(['No backup yet. Start one: /dr backup mongodb']),
      silent.length > 0 ? [lines([`No answer from ${silent.join(', ')}: there may be backups there.`])] : [],
    ]);
  }
  const window = await windowLine(world, backups);
  const held = await Promise.all(shown.map(list.isHeld));
  const [newest] = backups;
  const reach = newest && newest.state !== 'UNREADABLE' ? endOf(newest) : undefined;
  const newestOnly: Text = reach ? [' - the newest can be restored to ', at(reach)] : [];
  return card('MongoDB backups', [
    lines([bold('MongoDB backups'), ...(window.length > 0 ? window : newestOnly)]),
    ...shown.map((backup, index) => lines(...listingLines(backup, held[index] === true))),
    small(
      `Kept up to ${sayRetention(world.plan.mongodb.retention)}; what could go: /dr prune. `,
      backups.length > skip + SHOWN ? `Older: /dr backups --skip ${skip + SHOWN}. ` : '',
      silent.length > 0 ? `No answer from ${silent.join(', ')}. ` : '',
      ...asOf(list, world.clock.now()),
    ),
  ]);
}

const endOf = (listing: Extract<BackupListing, { header: unknown }>): Date =>
  new Date(listing.header.window.end.seconds * 1000);

/** Compared every hour: what is older says that the calendar stands still, and so may the list. */
const LATE_MS = 3 * 3_600_000;

function asOf({ comparedAt }: ShownBackups, now: Date): Text {
  if (!comparedAt) return [];
  const isLate = now.getTime() - comparedAt.getTime() > LATE_MS;
  return ['As of the catalog, compared ', at(comparedAt), isLate ? '. Compare it now: /dr catalog rebuild' : '.'];
}

function listingLines(listing: BackupListing, isHeld: boolean): Text[] {
  const hold = isHeld ? '   HELD' : '';
  if (listing.state === 'UNREADABLE') {
    return [
      [bold(listing.place.backup), `   UNREADABLE${hold}`],
      [`  ${listing.problem.message} Seen in ${listing.regions.join(', ')}.`],
    ];
  }
  const { header, regions, check, state } = listing;
  const took = new Date(header.finishedAt).getTime() - new Date(header.startedAt).getTime();
  const damage = check?.damage[0];
  const healed = check?.healed[0];
  const sizes = `${formatBytes(header.bytes)} as ${formatBytes(header.storedBytes)}, ${formatDuration(took)}`;
  const verdict = damage
    ? `DAMAGED in ${damage.region}${check.restorable ? ', restorable from another region' : ''}`
    : healed
      ? `VERIFIED, healed in ${healed.region} from ${healed.from}`
      : state;
  return [
    [at(endOf(listing)), `, ${header.parent ? 'changes only' : 'full'}   `, bold(header.backup), hold],
    [`  ${sizes}. ${verdict}. ${regions.join(', ')}`],
  ];
}
