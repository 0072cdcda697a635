import { expect, test } from 'vitest';
import { RequestId } from '#core';
import { classesOf, type KnownBackup, type PruneQuestion, planPrune } from '#retention';
import { ask, backup, NOW, POLICY, piece } from './questions.ts';

const policy: PruneQuestion['policy'] = {
  ...POLICY,
  storageClasses: [
    { afterDays: 45, class: 'GLACIER_IR' },
    { afterDays: 60, class: 'DEEP_ARCHIVE' },
  ],
};

const day = (text: string): KnownBackup => backup(`${text}T03:00`);
const newest = day('2026-11-24');

/** `{ 'B-0901-0300': 'GLACIER_IR' }` */
function chosen(backups: readonly KnownBackup[], more: Partial<PruneQuestion> & { pieces?: string[] } = {}) {
  const { pieces = [], ...rest } = more;
  const question = ask({ backups, pieces }, { policy, ...rest });
  const classes = classesOf(question, planPrune(question).keep);
  return Object.fromEntries([...classes].map(([name, storageClass]) => [name.split('/')[2], storageClass]));
}

test('what only its term keeps moves colder with its age', () => {
  const backups = [day('2026-01-01'), day('2026-10-01'), day('2026-10-25'), newest];
  expect(chosen(backups)).toEqual({ 'B-0101-0300': 'DEEP_ARCHIVE', 'B-1001-0300': 'GLACIER_IR' });
});

test('what the window stands on, the newest and what they stand on stay where they are read at once', () => {
  const full = day('2026-01-01');
  const change = backup('2026-09-01T03:00', { parent: full.place });
  const pieces: string[] = [];
  for (let at = Date.parse('2026-09-01T00:00Z'); at < NOW.getTime(); at += 6 * 3_600_000) {
    pieces.push(
      piece(new Date(at).toISOString().slice(0, 16), new Date(at + 6 * 3_600_000).toISOString().slice(0, 16)),
    );
  }
  // the only backups there are: all since stands on them
  expect(chosen([full, change], { pieces })).toEqual({ 'B-0101-0300': 'GLACIER_IR', 'B-0901-0300': 'GLACIER_IR' });
  // with a newer one before the window, nothing does
  const base = day('2026-10-18');
  expect(chosen([full, change, base, newest], { pieces })).toMatchObject({ 'B-0101-0300': 'DEEP_ARCHIVE' });
});

test('what is held, or in use, does not get cold, nor what it stands on', () => {
  const full = day('2026-01-01');
  const change = backup('2026-09-01T03:00', { parent: full.place });
  const held = [{ place: change.place, reason: 'court' }];
  expect(chosen([full, change, newest], { held })).toMatchObject({ 'B-0101-0300': 'GLACIER_IR' });
  const inUse = [{ backup: change.place.backup, run: RequestId.parse('R-7'), what: 'restore' }];
  expect(chosen([full, change, newest], { inUse })).toMatchObject({ 'B-0101-0300': 'GLACIER_IR' });
});

test('what goes soon stays: leaving a class early is paid for to the end', () => {
  // a week's backup, past its 182 days in 20 days
  const weekly = { ...policy, tiers: { ...POLICY.tiers, monthly: { days: 1 }, yearly: { days: 1 } } };
  const backups = [day('2026-06-15'), day('2026-08-31'), newest];
  expect(chosen(backups, { policy: weekly })).toEqual({ 'B-0831-0300': 'GLACIER_IR' });
});

test('a plan without classes moves nothing', () => {
  expect(chosen([day('2020-01-01'), newest], { policy: POLICY })).toEqual({});
});
