import { expect, test } from 'vitest';
import { Region, Sha256 } from '#core';
import type { Answer } from '#readiness';
import { alarmBench } from './alarm-bench.ts';

const EAST = Region.parse('us-east-1');
const WEST = Region.parse('us-west-2');
const MINUTE = 60_000;

const answer = (check: string, state: Answer['state'], words: string): Answer => ({
  ...{ check, state, words: [words] },
  ...(state === 'ready' ? {} : { next: '/dr backup mongodb' }),
});

test('a region that could not take over for ten minutes is an alarm that names each thing; a doubt is none', async () => {
  const { setReadiness, look, clock } = alarmBench('2026-11-23T08:00:00Z');
  const found = (...answers: Answer[]) =>
    setReadiness([
      { id: WEST, how: 'move', from: EAST, at: clock.now(), planHash: Sha256.parse('a'.repeat(64)), answers },
    ]);
  const doubt = answer('rehearsed', 'weak', 'nobody ever moved it with Holdfast');
  found(answer('keys', 'ready', 'wrap and unwrap'), doubt);
  await look('readiness');
  await clock.advance(11 * MINUTE);
  expect(await look('readiness')).toEqual([]);
  found(answer('backup', 'not-ready', 'none is verified'), answer('capacity', 'not-ready', 'no room'), doubt);
  await look('readiness');
  await clock.advance(9 * MINUTE);
  expect(await look('readiness')).toEqual([]);
  await clock.advance(2 * MINUTE);
  expect(await look('readiness')).toMatchObject([
    {
      key: 'readiness/us-west-2',
      title: 'us-west-2 could not take over',
      cause: ['backup: ', 'none is verified', '; capacity: ', 'no room'],
      effect: ['Were us-east-1 lost now, a failover would be refused or fail.'],
      next: '/dr backup mongodb',
    },
  ]);
  found(answer('backup', 'ready', 'verified'));
  expect(await look('readiness')).toEqual([]);
});

test('a cold region that could not be built says so in its own words', async () => {
  const { setReadiness, look, clock } = alarmBench('2026-11-23T08:00:00Z');
  const answers = [answer('machine', 'not-ready', 'eu-1.db:27017 runs a database already')];
  const planHash = Sha256.parse('a'.repeat(64));
  setReadiness([{ id: Region.parse('eu-west-1'), how: 'build', from: EAST, at: clock.now(), planHash, answers }]);
  await look('readiness');
  await clock.advance(11 * MINUTE);
  expect(await look('readiness')).toMatchObject([
    {
      title: 'eu-west-1 could not be built',
      effect: ['Were every region lost that serves, there would be nothing to go on with.'],
    },
  ]);
});
