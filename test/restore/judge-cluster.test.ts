import { expect, test } from 'vitest';
import { asDrError } from '#core';
import type { SetDescription } from '#ports';
import { type Judged, refuseUnfit } from '#restore';

const there: SetDescription = {
  version: '6.0.9',
  featureVersion: '6.0',
  setId: 'b'.repeat(24),
  set: 'dr',
  primary: 'dr-1:27017',
  hosts: ['dr-1:27017'],
  processes: ['dr-process'],
  blocked: false,
};
const live: SetDescription = {
  ...there,
  version: '6.0.5',
  setId: 'a'.repeat(24),
  set: 'eld',
  processes: ['east-process', 'west-process'],
};
const source = { version: '6.0.5', featureVersion: '6.0', setId: live.setId };
const until = { timeline: 1, before: { seconds: 9, increment: 0 }, reached: { seconds: 8, increment: 1 } };

const judged: Judged = { name: 'dr-site', there, live, liveName: 'eld', source, point: {} };

const refusal = (more: Omit<Partial<Judged>, 'there'> & { there?: Partial<SetDescription> }): string => {
  try {
    refuseUnfit({ ...judged, ...more, there: { ...there, ...more.there } });
    return 'taken';
  } catch (thrown) {
    const { code, kind, message, hint } = asDrError(thrown);
    expect([kind, message.endsWith('Nothing was changed.'), typeof hint]).toEqual(['user', true, 'string']);
    return `${code}: ${message} ${hint}`;
  }
};

test('another replica set of the same release takes it, whatever its patch and its name', () => {
  expect(refusal({})).toBe('taken');
  expect(refusal({ there: { version: '6.0.1' } })).toBe('taken');
  expect(refusal({ there: { version: '10.0.1', featureVersion: '9.0' } })).toBe('taken');
  expect(refusal({ there: { set: 'eld' } })).toBe('taken');
});

test('the protected set is known by one process, or by its id, whatever its address', () => {
  const words = 'NOT_ALLOWED: dr-site is the protected replica set itself.';
  expect(refusal({ there: { processes: ['x', 'west-process'] } })).toContain(words);
  expect(refusal({ there: { setId: live.setId } })).toContain(words);
});

test('while it does not answer it is known by what the backup says, and without that by its name', () => {
  const words = 'NOT_ALLOWED: dr-site is the protected replica set itself.';
  expect(refusal({ live: undefined, there: { setId: source.setId } })).toContain(words);
  expect(refusal({ live: undefined, there: { set: 'eld' } })).toBe('taken');
  const silent = { live: undefined, source: undefined };
  expect(refusal({ ...silent, there: { set: 'eld' } })).toContain(words);
  expect(refusal(silent)).toBe('taken');
  // a live set that may not say its id
  const shy = { ...live, setId: undefined };
  expect(refusal({ live: shy, there: { set: 'eld' } })).toContain(words);
  expect(refusal({ live: shy })).toBe('taken');
});

test('what does not say enough of itself is not taken for another', () => {
  expect(refusal({ there: { set: undefined, setId: undefined } })).toContain('is a server of its own');
  expect(refusal({ there: { setId: undefined } })).toContain('Give its user replSetGetConfig on the cluster');
  expect(refusal({ there: { featureVersion: undefined } })).toContain('Give its user getParameter on the cluster');
});

test('an older server, or one that stores as an older one, is refused with which is needed', () => {
  expect(refusal({ there: { version: '5.0.31', featureVersion: '5.0' } })).toContain(
    'TARGET_UNFIT: dr-site runs MongoDB 5.0.31, and what is to be restored was written by 6.0.5.',
  );
  expect(refusal({ there: { version: '7.0.2', featureVersion: '5.0' } })).toContain(
    'There: db.adminCommand({ setFeatureCompatibilityVersion: "6.0" })',
  );
  // not compared as text
  const ten = { version: '10.0.0', featureVersion: '10.0', setId: undefined };
  expect(refusal({ source: ten, there: { version: '9.0.1', featureVersion: '9.0' } })).toContain('Upgrade dr-site');
  // a backup that does not say stands for the servers as they are now; one of data as of an older release needs no more
  expect(refusal({ source: undefined, there: { version: '5.0.1' } })).toContain('was written by 6.0.5');
  const old = { version: '6.0.5', featureVersion: '5.0' };
  expect(refusal({ source: old, there: { featureVersion: '5.0' } })).toBe('taken');
  expect(refusal({ source: { version: '6.0.5' }, there: { featureVersion: '5.0' } })).toContain('may need 6.0');
});

test('of what was captured after a backup the newer servers count, which may have been upgraded since', () => {
  const upgraded = { ...live, version: '7.0.2', featureVersion: '7.0' };
  expect(refusal({ live: upgraded })).toBe('taken');
  expect(refusal({ live: upgraded, point: { until } })).toContain('was written by 7.0.2');
  expect(refusal({ live: undefined, point: { until } })).toBe('taken');
});

test('where somebody blocked writes nothing is written', () => {
  expect(refusal({ there: { blocked: true } })).toContain('TARGET_UNFIT: Somebody blocked writes on dr-site.');
});
