import type { OplogTime } from '#ports';
import { ownerOf } from '#vault';
import { type Inventory, type KnownBackup, placeName } from './inventory.ts';
import { localParts, periodName } from './period-name.ts';
import type { Tier } from './policy.ts';
import type { PruneQuestion } from './prune-question.ts';

/**
 * Proves that nothing promised is lost when these keys go: it looks at what could be restored before and what could
 * after, from the keys alone, and returns every promise that would be broken; none is the proof. It shares no rule with
 * plan-prune.ts, on purpose: a mistake there must not be made here too, so do not let one import the other's parts.
 */
export function provePrune(question: PruneQuestion, gone: ReadonlySet<string>): string[] {
  const { inventory, policy, now } = question;
  const before = reachOf(inventory, (key) => isThere(inventory, key));
  const after = reachOf(inventory, (key) => isThere(inventory, key) && !gone.has(key));
  return [
    ...shrunkWindows(before, after, Math.floor(now.getTime() / 1000) - policy.continuousDays * 86_400),
    ...lostPeriods(before, after, question),
    ...lostNewest(before, after),
    ...halfBackups(inventory, before, after, gone),
    ...touched(question, gone),
  ];
}

const isThere = ({ keys }: Inventory, key: string): boolean => (keys.get(key)?.objects ?? 0) > 0;

/** What can be restored. */
interface Reach {
  readonly backups: readonly KnownBackup[];
  /** Stretches of one timeline within which any second can be restored; in numbers that sort as oplog times do. */
  readonly windows: readonly { readonly timeline: string; readonly from: bigint; readonly through: bigint }[];
}

const order = ({ seconds, increment }: OplogTime): bigint => (BigInt(seconds) << 32n) + BigInt(increment);

function reachOf(inventory: Inventory, there: (key: string) => boolean): Reach {
  const keyed = new Set<string>();
  const manifests = new Set<string>();
  const next = new Map<string, bigint[]>();
  for (const key of inventory.keys.keys()) {
    if (!there(key)) continue;
    const owner = ownerOf(key);
    if (owner.kind === 'manifest') manifests.add(placeName(owner.place));
    if (owner.kind === 'attempt' && owner.part === 'key') keyed.add(`${placeName(owner.place)}/${owner.attempt}`);
    if (owner.kind === 'capture' && owner.covers) {
      const from = `${owner.timeline} ${order(owner.covers.from)}`;
      next.set(from, [...(next.get(from) ?? []), order(owner.covers.through)]);
    }
  }
  const whole = (backup: KnownBackup, depth = 0): boolean => {
    const name = placeName(backup.place);
    if (depth > inventory.backups.length) return false;
    if (!manifests.has(name) || !keyed.has(`${name}/${backup.attempt}`) || !backup.segments.every(there)) return false;
    if (backup.parent === undefined) return true;
    const wanted = placeName(backup.parent);
    const parent = inventory.backups.find(({ place }) => placeName(place) === wanted);
    return parent !== undefined && whole(parent, depth + 1);
  };
  const backups = inventory.backups.filter((backup) => whole(backup));
  return { backups, windows: windowsOf(backups, next) };
}

/** Each piece goes on where another one ends: exactly there, or there is a gap. */
function windowsOf(backups: readonly KnownBackup[], next: ReadonlyMap<string, readonly bigint[]>): Reach['windows'] {
  const reached = new Map<string, bigint>();
  const goesOn = new Set<string>();
  const froms = [...next.keys()].map((text) => text.split(' ') as [string, string]);
  for (const [timeline, from] of froms.sort((a, b) => (BigInt(a[1]) < BigInt(b[1]) ? 1 : -1))) {
    const ends = (next.get(`${timeline} ${from}`) ?? []).map((through) => {
      goesOn.add(`${timeline} ${through}`);
      return reached.get(`${timeline} ${through}`) ?? through;
    });
    reached.set(
      `${timeline} ${from}`,
      ends.reduce((a, b) => (a > b ? a : b)),
    );
  }
  const stretches = froms.filter(([timeline, from]) => !goesOn.has(`${timeline} ${from}`));
  return backups.flatMap(({ end }) => {
    const at = order(end);
    return stretches.flatMap(([timeline, from]) => {
      const through = reached.get(`${timeline} ${from}`) ?? 0n;
      return BigInt(from) <= at && at < through ? [{ timeline, from: at, through }] : [];
    });
  });
}

function shrunkWindows(before: Reach, after: Reach, sinceSeconds: number): string[] {
  const since = BigInt(sinceSeconds) << 32n;
  return before.windows.flatMap(({ timeline, from, through }) => {
    const start = from > since ? from : since;
    if (start >= through) return [];
    const still = after.windows.some(
      (window) => window.timeline === timeline && window.from <= start && window.through >= through,
    );
    return still ? [] : [`Not every second since ${sayOrder(start)} could be restored any more.`];
  });
}

const sayOrder = (time: bigint): string => new Date(Number(time >> 32n) * 1000).toISOString();

const TERMS: readonly Tier[] = ['yearly', 'monthly', 'weekly', 'daily', 'hourly'];

function lostPeriods(before: Reach, after: Reach, { policy, now }: PruneQuestion): string[] {
  const local = new Map(before.backups.map((each) => [each, localParts(each.end.seconds * 1000, policy.timeZone)]));
  return TERMS.flatMap((tier) => {
    const periods = ({ backups }: Reach): Set<string> => {
      const promised = backups.filter(({ end }) => stillPromised(end.seconds * 1000, policy.tiers[tier], now));
      return new Set(promised.map((each) => periodName(local.get(each) ?? {}, tier)));
    };
    const left = periods(after);
    return [...periods(before)]
      .filter((period) => !left.has(period))
      .map((period) => `Of ${period} no backup would be left, and ${tier} ones are promised.`);
  });
}

function stillPromised(madeMs: number, term: PruneQuestion['policy']['tiers'][Tier], now: Date): boolean {
  if ('days' in term) return madeMs + term.days * 86_400_000 > now.getTime();
  const ends = new Date(madeMs);
  const month = ends.getUTCMonth();
  ends.setUTCFullYear(ends.getUTCFullYear() + term.years);
  // the 29th of February has no anniversary in most years: the 28th is it, so that nothing is promised that is not kept
  if (ends.getUTCMonth() !== month) ends.setUTCDate(0);
  return ends > now;
}

function lostNewest(before: Reach, after: Reach): string[] {
  const newestOf = ({ backups }: Reach): bigint =>
    backups.reduce((newest, { end }) => (order(end) > newest ? order(end) : newest), 0n);
  if (newestOf(before) === newestOf(after)) return [];
  return [`The newest backup that can be restored is of ${sayOrder(newestOf(before))}, and would go.`];
}

/** A backup goes whole or not at all: one that lost a segment still stands in every list. */
function halfBackups(inventory: Inventory, before: Reach, after: Reach, gone: ReadonlySet<string>): string[] {
  const manifestGone = new Set<string>();
  for (const key of inventory.keys.keys()) {
    const owner = ownerOf(key);
    if (owner.kind === 'manifest' && gone.has(key)) manifestGone.add(placeName(owner.place));
  }
  return before.backups
    .filter((backup) => !after.backups.includes(backup) && !manifestGone.has(placeName(backup.place)))
    .map(({ place }) => `${place.backup} would stay and could not be restored any more.`);
}

/** What must not be touched whatever the policy says: what is held, in use, untold or young. */
function touched({ inventory, policy, now, held, inUse }: PruneQuestion, gone: ReadonlySet<string>): string[] {
  const grace = now.getTime() - policy.graceDays * 86_400_000;
  const safe = new Map<string, string>();
  for (const { place } of held) safe.set(placeName(place), 'is held');
  for (const { place } of inventory.unknown) safe.set(placeName(place), 'has a manifest that tells nothing');
  for (const { place } of inventory.backups) {
    const use = inUse.find(({ backup }) => backup === place.backup);
    if (use) safe.set(placeName(place), `is used by ${use.run}`);
  }
  // and so are those they stand on, however far down
  for (let more = true; more; ) {
    more = false;
    for (const { place, parent } of inventory.backups) {
      const why = safe.get(placeName(place));
      if (!why || !parent || safe.has(placeName(parent))) continue;
      safe.set(placeName(parent), `has ${place.backup} standing on it, which ${why}`);
      more = true;
    }
  }
  return [...gone].flatMap((key) => {
    const owner = ownerOf(key);
    if (owner.kind === 'other') return [`${key} is nothing that may be deleted.`];
    const stored = inventory.keys.get(key);
    if (stored && owner.kind !== 'check' && stored.writtenAt.getTime() > grace) return [`${key} is too young.`];
    if (owner.kind === 'capture') return [];
    const why = safe.get(placeName(owner.place)) ?? usedBy(owner.place.backup, inUse);
    return why ? [`${key} must stay: ${owner.place.backup} ${why}.`] : [];
  });
}

const usedBy = (id: string, inUse: PruneQuestion['inUse']): string | undefined => {
  const use = inUse.find(({ backup }) => backup === id);
  return use && `is used by ${use.run}`;
};
