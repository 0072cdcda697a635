import { DrError, formatDuration, parseMoment, utc } from '#core';
import { sayLost } from '#integrity';
import type { RestorePoint } from '#restore';
import {
  type BackupListing,
  chooseBackup,
  damagedParent,
  type ManifestHeader,
  type RestorableWindow,
  reachSecond,
  restorableWindows,
} from '#vault';
import { backupIdIn } from '../backups/backup-id-in.ts';
import { type CapturedReach, lookAtCaptured } from '../backups/captured-reach.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';

type Known = Extract<BackupListing, { header: unknown }>;
type PointWorld = Pick<HoldfastWorld, 'backup' | 'clock' | 'store'>;

/** A moment that can be restored, and the backup from which. */
export interface ChosenPoint {
  readonly point: RestorePoint;
  readonly header: ManifestHeader;
  /** The second as of which the data will be. */
  readonly moment: Date;
}

/** What somebody asked to have back: a backup as it is, or any second since one. */
export interface WantedPoint {
  readonly backup: string | undefined;
  readonly to: string | undefined;
}

/**
 * The moment to restore. Throws BACKUP_UNKNOWN, BACKUP_DAMAGED or TIME_INVALID (user) with the next thing to try when
 * there is none; what the buckets throw.
 */
export async function choosePoint(wanted: WantedPoint, askedAt: Date, world: PointWorld): Promise<ChosenPoint> {
  const { point, rests, moment } = await chooseBackup(world.backup.vault, 500, async (backups) => {
    const known = backups.filter((backup): backup is Known => backup.state !== 'UNREADABLE');
    if (wanted.to === undefined) {
      const named = namedOf(wanted.backup ?? 'latest', known, backups);
      const { backup, window } = named.header;
      return { rests: named, point: { backupId: backup }, moment: new Date(window.end.seconds * 1000) };
    }
    const named = wanted.backup && wanted.backup !== 'latest' ? [namedOf(wanted.backup, known, backups)] : undefined;
    return atSecond(parseMoment(wanted.to, askedAt), named ?? known, world);
  });
  return { point, header: rests.header, moment };
}

type Choice = Pick<ChosenPoint, 'point' | 'moment'> & { readonly rests: Known };

/** Capture is a second or two behind; who asks for just now is not sent away for that. */
const JUST_NOW = { ms: 60_000, looks: 10, everyMs: 1_000 };

async function atSecond(moment: Date, backups: readonly Known[], world: PointWorld): Promise<Choice> {
  const reach = await reachPast(moment, world);
  const { timelines } = reach;
  const found = reachSecond(moment, backups, timelines);
  const rests = backups.find(({ header }) => header.backup === found?.backup);
  if (!found || !rests) throw unreachable(moment, restorableWindows(backups, timelines), reach);
  const { backup, ...until } = found;
  return { rests, point: { backupId: backup, until }, moment };
}

/** What was captured; of a moment that has only just passed, once the newest has come past it or does not come. */
async function reachPast(moment: Date, world: PointWorld): Promise<CapturedReach> {
  const { clock } = world;
  const isJustNow = clock.now().getTime() - moment.getTime() < JUST_NOW.ms;
  for (let look = 1; ; look += 1) {
    const list = await lookAtCaptured(world);
    const through = list.timelines.at(-1)?.through.seconds;
    const isPast = through === undefined || through * 1000 > moment.getTime();
    if (isPast || !isJustNow || look === JUST_NOW.looks) return list;
    await clock.sleep(JUST_NOW.everyMs);
  }
}

/** Says which seconds near the wanted one there are, and how to come by it if it will be there soon. */
function unreachable(moment: Date, windows: readonly RestorableWindow[], { timelines, lost }: CapturedReach): DrError {
  const what = `${utc(moment)} can't be restored`;
  const newest = timelines.at(-1)?.through.seconds;
  const last = windows.at(-1);
  const refuse = (why: string, hint: string): DrError =>
    new DrError('TIME_INVALID', 'user', `${what}: ${why}. Nothing was changed.`, { hint });
  if (newest === undefined) {
    return refuse('nothing is captured yet', 'A backup as it is: /dr restore latest. Capture: /dr backups --window');
  }
  if (!last) return refuse('no backup stands on what was captured', 'Take one: /dr backup mongodb');
  const before = windows.findLast(({ to }) => to < moment);
  const after = windows.find(({ from }) => from > moment);
  const nearest = [before && `"${utc(before.to)}" before it`, after && `"${utc(after.from)}" after it`]
    .filter((each) => each !== undefined)
    .join(', ');
  const gone = lost.findLast(
    ({ from }) => from.seconds * 1000 <= moment.getTime() && (!before || from.seconds * 1000 > before.to.getTime()),
  );
  if (gone) {
    const begin = after ? '' : 'So that the seconds from now on can be: /dr backup mongodb. ';
    return refuse(sayLost(gone), `The nearest: ${nearest}. ${begin}All: /dr backups --window`);
  }
  const ahead = moment.getTime() - last.to.getTime();
  if (ahead > 0 && last.to.getTime() / 1000 >= newest - 1) {
    return refuse(
      `captured is up to ${utc(last.to)}, ${formatDuration(ahead)} before it`,
      `Wait a few seconds, or restore to "${utc(last.to)}".`,
    );
  }
  const why = before ? 'it is in a gap' : 'it is before the first backup that captured history stands on';
  return refuse(why, `The nearest: ${nearest}. All: /dr backups --window`);
}

/** `latest` is the newest verified one; a damaged or unreadable backup is only taken when it is named and restorable. */
function namedOf(wanted: string, known: readonly Known[], backups: readonly BackupListing[]): Known {
  if (wanted.toLowerCase() === 'latest') {
    const whole = known.filter((each) => damagedParent(each, backups) === undefined);
    const verified = whole.find(({ state }) => state === 'VERIFIED') ?? whole.find(({ check }) => check?.restorable);
    if (verified) return verified;
    throw new DrError('BACKUP_UNKNOWN', 'user', 'There is no verified backup yet. Nothing was changed.', {
      hint: 'Take one: /dr backup mongodb',
    });
  }
  const id = backupIdIn(wanted);
  const found = id && known.find(({ header }) => header.backup === id);
  const parent = found && damagedParent(found, backups);
  if (parent) {
    throw new DrError(
      'BACKUP_DAMAGED',
      'user',
      `${wanted} stands on ${parent}, which is damaged in every region. Nothing was changed.`,
      { hint: 'Choose another: /dr backups' },
    );
  }
  if (found && (found.state !== 'DAMAGED' || found.check?.restorable)) return found;
  if (found) {
    throw new DrError('BACKUP_DAMAGED', 'user', `${wanted} is damaged in every region. Nothing was changed.`, {
      hint: 'Choose another: /dr backups',
    });
  }
  throw new DrError('BACKUP_UNKNOWN', 'user', `There is no backup "${wanted.slice(0, 40)}". Nothing was changed.`, {
    hint: known[0] ? `The newest is ${known[0].header.backup}. All: /dr backups` : 'Take one: /dr backup mongodb',
  });
}
