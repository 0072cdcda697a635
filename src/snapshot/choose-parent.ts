import { counted } from '#core';
import { compareOplogTimes, type OplogSource } from '#ports';
import { type BackupListing, type BackupPlace, chooseBackup, type Databases, openBackup, type Vault } from '#vault';

/** What a backup of changes stands on; or why there is nothing it could stand on, so that a full one is taken. */
export type ChosenParent =
  | { readonly kind: 'parent'; readonly parent: BackupPlace }
  | { readonly kind: 'none'; readonly because: string };

/** A restore opens every link; a day of hourly ones, and some in which the nightly full one was late. */
const MOST_LINKS = 30;
/** Their `_id`s are held in memory by a restore, some 100 bytes each. */
const MOST_CHANGED = 1_000_000;
/** Of what the full one takes in the bucket: past it, a restore reads more than a new full one would cost. */
const MOST_SHARE = 0.5;
/** More than two weeks of a backup an hour. */
const LISTED = 400;

type Known = Extract<BackupListing, { header: unknown }>;

/**
 * The newest backup, if changes can be told from it on: it is whole, of the same databases, its chain is neither long nor
 * heavy, and the oplog still has where it began. Throws what the vault and the oplog throw.
 */
export async function chooseParent(vault: Vault, oplog: OplogSource, databases: Databases): Promise<ChosenParent> {
  const { newest, because } = await chooseBackup(vault, LISTED, newestWhole);
  if (!newest) return none(because);
  const { year, backup } = newest.header;
  const parent = { year, backup };
  const open = await openBackup(vault, parent);
  open.close();
  const { header, body } = open.manifest;
  if (!sameScope(body.scope, databases)) return none(`${backup} is of other databases`);
  if (compareOplogTimes(await oplog.oldestTime(), header.window.start) > 0) {
    return none(`the oplog no longer reaches back to ${backup}`);
  }
  return { kind: 'parent', parent };
}

type Newest = { readonly rests: Known | undefined } & (
  | { readonly newest: Known; readonly because?: undefined }
  | { readonly newest?: undefined; readonly because: string }
);

function newestWhole(backups: readonly BackupListing[]): Newest {
  const known = backups.filter((backup): backup is Known => backup.state !== 'UNREADABLE');
  const newest = known.toSorted((a, b) => compareOplogTimes(b.header.window.end, a.header.window.end))[0];
  if (!newest) return { rests: undefined, because: 'there is no backup yet' };
  const { header } = newest;
  const because =
    newest.state === 'DAMAGED' && !newest.check?.restorable ? `${header.backup} is damaged` : whyTooMuch(newest, known);
  return because === undefined ? { rests: newest, newest } : { rests: newest, because };
}

const none = (because: string): ChosenParent => ({ kind: 'none', because });

/** Why a chain should not grow further. */
function whyTooMuch(newest: Known, known: readonly Known[]): string | undefined {
  const links: Known[] = [];
  for (let link = newest; link.header.parent; ) {
    const { year, backup } = link.header.parent;
    links.push(link);
    if (links.length >= MOST_LINKS) return `${counted(links.length, 'backup')} of changes stand on each other`;
    const parent = known.find(({ header }) => header.year === year && header.backup === backup);
    if (!parent) return `${link.header.backup} stands on ${backup}, which is not there`;
    link = parent;
    if (link.header.kind === 'full' && isHeavy(links, link)) return 'as much has changed as makes a full one cheaper';
  }
  return undefined;
}

function isHeavy(links: readonly Known[], full: Known): boolean {
  const sum = (pick: (link: Known) => number): number => links.reduce((total, link) => total + pick(link), 0);
  return (
    sum(({ header }) => header.documents) > MOST_CHANGED ||
    sum(({ header }) => header.storedBytes) > full.header.storedBytes * MOST_SHARE
  );
}

const sameScope = (a: Databases, b: Databases): boolean => JSON.stringify(a) === JSON.stringify(b);
