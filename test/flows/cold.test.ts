import { expect, test } from 'vitest';
import { systemClock } from '#core';
import { askedCold, coldPreview, coldReceipt, type HoldfastWorld } from '#flows';
import { failoverCommand } from '../../commands/failover.ts';
import { rulesFor, rulesOfJob } from '../../src/flows/job-of.ts';
import { coldWorld } from '../failover/cold-world.ts';
import { requestNumber } from '../failover/run-move.ts';
import { eldPlan } from '../support/eld-plan.ts';
import { linesOf } from '../support/words-of.ts';

const R1 = requestNumber(1);
const asked = { approved: undefined } as Parameters<typeof coldPreview>[1];

/** A company that has lost both regions, as a command sees it. */
function lost() {
  const company = coldWorld();
  const { journal } = company.bench;
  // what a cold failover's preview asks of the world, and no more
  const world = {
    cold: () => company.world,
    move: company.world,
    clock: systemClock,
    journal,
  } as unknown as HoldfastWorld;
  const to = askedCold({ region: 'eu-west-1', planned: false }, world);
  if (!to) throw new Error('it is no cold standby');
  return { company, journal, world, to };
}

test('the region decides which job it is, and under which rules: a cold one is another job than a planned or a forced move', () => {
  const job = (args: object): string => rulesFor(failoverCommand, args, { plan: eldPlan }).job;
  expect(job({ region: 'eu-west-1' })).toBe('cold-failover');
  expect(job({ region: 'eu-west-1', unplanned: true })).toBe('cold-failover');
  expect(job({ region: 'us-west-2' })).toBe('failover');
  expect(job({ region: 'us-west-2', unplanned: true })).toBe('unplanned-failover');
  expect(rulesOfJob(failoverCommand, 'cold-failover')).toMatchObject({ approval: { policy: 'failover' } });
  const { world } = lost();
  expect(() => askedCold({ region: 'eu-west-1', planned: true }, world)).toThrow('which nobody plans');
  expect(askedCold({ region: 'us-west-2', planned: true }, world)).toBeUndefined();
});

test('its card says what may be lost, that nobody knows how long it takes, and who is fenced by what', async () => {
  const { world, to } = lost();
  const preview = await coldPreview({ to, reason: 'both are gone' }, asked, world);
  expect(preview.job).toBe('cold-failover');
  expect(preview.facts['backup']).toBe('B-1123-0800');
  const words = linesOf([...preview.sections, ...(preview.details ?? [])].flatMap(({ lines }) => lines));
  for (const said of [
    'approved up to 15 min',
    'nothing was restored here before, so how long it takes is not known',
    'us-east-1: yes.',
    'us-west-2: yes. Its lease is not open, and nobody there ever wrote under one.',
    'a new replica set at eu-1:27017',
  ]) {
    expect(words).toContain(said);
  }
  expect(preview.smallPrint.join(' ')).toContain('limit 4 h');
});

test('after it the receipt says what it cost against the limit and what is not protected; the next card forecasts by it', async () => {
  const { company, journal, world, to } = lost();
  await company.bench.create(R1, await company.preview());
  expect(await company.bench.execute(R1)).toBe('done');
  const receipt = coldReceipt(await company.bench.record(R1));
  const words = linesOf((receipt?.sections ?? []).flatMap(({ lines }) => lines));
  for (const said of [
    '2 writes, 1.5 s',
    'limit 4 h',
    '/dr backup mongodb',
    'runs alone',
    'Keep the old members',
    '20 of 20',
  ]) {
    expect(words).toContain(said);
  }
  // as if it were the next disaster, with nothing founded yet
  const next = lost();
  const again = { ...next.world, journal, move: world.move };
  const preview = await coldPreview({ to, reason: 'again' }, asked, again);
  expect(preview.smallPrint.join(' ')).toContain('by 1 restore here');
});
