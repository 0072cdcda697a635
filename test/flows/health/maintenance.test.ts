import { describe, expect, it } from 'vitest';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { type Asked, parseCommand } from '#chatops';
import { PersonId, systemRandom } from '#core';
import type { HoldfastWorld } from '#flows';
import { createRoster } from '#oncall';
import { createTimeline, plainText } from '#record';
import { maintenanceCommand } from '../../../commands/maintenance.ts';
import { maintenanceEndCommand } from '../../../commands/maintenance-end.ts';
import { eldPlan } from '../../support/eld-plan.ts';
import { wordsOf } from '../../support/words-of.ts';

const START = new Date('2026-11-23T08:12:00Z');

function company() {
  const clock = createSettableClock(START);
  const store = memoryControlStore(clock);
  const timeline = createTimeline({ store, clock, random: systemRandom });
  const roster = createRoster(eldPlan);
  const world = { plan: eldPlan, store, timeline, roster, clock } as unknown as HoldfastWorld;
  const asked: Asked = {
    ...{ person: PersonId.parse('alex-chen'), name: 'Alex Chen', via: 'terminal', at: START },
    ...{ timeZone: 'UTC', request: undefined, intake: 'typed', incident: undefined },
  };
  /** A line as it is typed behind /dr. */
  const type = async (line: string): Promise<string> => {
    const parsed = parseCommand<HoldfastWorld>(line, [maintenanceCommand, maintenanceEndCommand]);
    if (parsed.kind !== 'ready' || parsed.command.does.kind !== 'answers') throw new Error(parsed.kind);
    return wordsOf(await parsed.command.does.answer(parsed.args, asked, world), START);
  };
  const record = async () =>
    (await timeline.read({ limit: 20 })).map(({ text }) => plainText(text, (id) => roster.name(id), START));
  return { clock, type, record };
}

describe('/dr maintenance', () => {
  it('begins, is listed, ends, and the record has who and why', async () => {
    const { type, record } = company();
    expect(await type('maintenance')).toContain('Nothing is in maintenance.');
    const begun = await type('maintenance us-east-1 2h "index build"');
    expect(begun).toContain('IN MAINTENANCE - us-east-1   M-1');
    expect(begun).toContain('Until 10:12:00 UTC: "index build".');
    // the same payload handled twice
    expect(await type('maintenance us-east-1 2h "index build"')).toContain('M-1');
    expect(await type('maintenance application-response 45m "new release"')).toContain('M-2');
    expect(await type('maintenance')).toMatch(/M-2 application_response .*\nM-1 us-east-1 /);
    expect(await type('maintenance end M-1')).toContain('OVER - maintenance of us-east-1   M-1');
    expect(await type('maintenance')).not.toContain('M-1');
    expect(await record()).toEqual([
      'Alex Chen began maintenance M-1 of us-east-1 until 10:12:00 UTC: "index build". What fails there calls nobody.',
      'Alex Chen began maintenance M-2 of application_response until 08:57:00 UTC: "new release". What fails there calls nobody.',
      'Alex Chen ended maintenance M-1 of us-east-1. What fails there calls people again.',
    ]);
  });

  it.each([
    ['maintenance us-wset-2 2h "x y z"', 'neither a region nor a check'],
    ['maintenance us-east-1 2h', 'Say why'],
    ['maintenance us-east-1', 'Say for how long, and why'],
    ['maintenance us-east-1 8d "long work"', 'at most 7d'],
    ['maintenance us-east-1 soon "long work"', 'a time like 45m'],
    ['maintenance end M-9', 'There is no M-9'],
  ])('%s is refused with what to type, and nothing is changed', async (line, why) => {
    const { type, record } = company();
    await expect(type(line)).rejects.toMatchObject({ kind: 'user', message: expect.stringContaining(why) });
    expect(await record()).toEqual([]);
  });

  it('that is over by itself is not ended again', async () => {
    const { clock, type } = company();
    await type('maintenance us-east-1 1h "index build"');
    await clock.advance(3_600_000);
    expect(await type('maintenance end M-1')).toContain('Nothing was changed.');
  });
});
