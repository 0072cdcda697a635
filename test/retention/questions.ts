import { BackupId } from '#core';
import { type Inventory, type KnownBackup, type PruneQuestion, planPrune, type RetentionPolicy } from '#retention';

/** A vault by hand: what is in it and what is asked about it. Times are UTC. */
export const NOW = new Date('2026-11-24T12:00:00Z');

export const POLICY: RetentionPolicy = {
  tiers: {
    hourly: { days: 14 },
    daily: { days: 35 },
    weekly: { days: 182 },
    monthly: { years: 3 },
    yearly: { years: 7 },
  },
  continuousDays: 35,
  graceDays: 7,
  lockMode: 'compliance',
  timeZone: 'UTC',
};

/** `2026-11-24T03:00` is `B-1124-0300`, whole, with one segment. */
export function backup(at: string, more: Partial<KnownBackup> = {}): KnownBackup {
  const seconds = Date.parse(`${at}:00Z`) / 1000;
  const place = { year: Number(at.slice(0, 4)), backup: idOf(at) };
  return {
    place,
    attempt: 'a1',
    kind: more.parent ? 'incremental' : 'full',
    parent: undefined,
    start: { seconds: seconds - 60, increment: 1 },
    end: { seconds, increment: 1 },
    segments: [`segments/${place.year}/${place.backup}/a1/documents-000000`],
    doubt: undefined,
    ...more,
  };
}

export const idOf = (at: string): BackupId =>
  BackupId.parse(`B-${at.slice(5, 7)}${at.slice(8, 10)}-${at.slice(11, 13)}${at.slice(14, 16)}`);

const hex = (at: string): string => `${(Date.parse(`${at}:00Z`) / 1000).toString(16).padStart(8, '0')}00000001`;

/** A piece of captured log. */
export const piece = (from: string, through: string, timeline = '0001'): string =>
  `capture/${timeline}/${through.slice(0, 13)}/${hex(from)}-${hex(through)}-t`;

export interface Vaulted {
  readonly backups?: readonly KnownBackup[];
  readonly unknown?: Inventory['unknown'];
  readonly pieces?: readonly string[];
  /** Further keys, and when each was written. */
  readonly others?: Readonly<Record<string, string>>;
}

export function inventoryOf({ backups = [], unknown = [], pieces = [], others = {} }: Vaulted): Inventory {
  const keys = new Map<string, Inventory['keys'] extends ReadonlyMap<string, infer V> ? V : never>();
  const add = (key: string, writtenAt: Date): void => void keys.set(key, { key, objects: 2, bytes: 100, writtenAt });
  for (const { place, attempt, segments, end } of backups) {
    const name = `${place.year}/${place.backup}`;
    const all = [`manifests/${name}`, `keys/${place.year}-${place.backup}-${attempt}/0001`, ...segments];
    for (const key of all) add(key, new Date(end.seconds * 1000));
  }
  for (const key of pieces) {
    const [, timeline = '', hour = ''] = key.split('/');
    add(key, new Date(`${hour}:59:00Z`));
    add(`keys/capture-${timeline}-${hour}-t/0001`, new Date(`${hour}:00:00Z`));
  }
  for (const [key, at] of Object.entries(others)) add(key, new Date(`${at}:00Z`));
  return { keys, backups, unknown, leaving: [] };
}

export const ask = (vaulted: Vaulted, more: Partial<PruneQuestion> = {}): PruneQuestion => ({
  inventory: inventoryOf(vaulted),
  policy: POLICY,
  now: NOW,
  held: [],
  inUse: [],
  ...more,
});

/** The backups that go, and every other unit that does, by short names. */
export const removedFrom = (question: PruneQuestion): string[] =>
  planPrune(question).remove.map(({ unit }) =>
    unit.kind === 'capture'
      ? `${unit.timeline} ${unit.hour}`
      : unit.kind === 'checks'
        ? `checks ${unit.place.backup}`
        : unit.place.backup,
  );
