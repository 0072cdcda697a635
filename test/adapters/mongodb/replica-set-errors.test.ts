import { MongoServerError } from 'mongodb';
import { expect, test } from 'vitest';
import { translated } from '../../../src/adapters/mongodb/replica-set-errors.ts';

const said = (message: string) => translated(new MongoServerError({ code: 103, message }), 'east-1', 'reconfigure');

test('a configuration that was outrun by another is read and written again; one that can never be is refused', () => {
  const outrun =
    'New replica set configuration version and term must be greater than old, but {version: 3, term: 1} is not greater than {version: 3, term: 1} for replica set eld';
  expect(said(outrun)).toMatchObject({ code: 'DATABASE_UNAVAILABLE', kind: 'transient' });
  const impossible =
    'New and old configurations differ in replica set ID; old was 638f0000aa, and new is 638f0000bb. Reconfiguration can not be';
  expect(said(impossible)).toMatchObject({ code: 'DATABASE_REFUSED', kind: 'permanent' });
});
