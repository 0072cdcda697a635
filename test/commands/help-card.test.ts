import { expect, test } from 'vitest';
import { commands } from '#commands';
import { PersonId } from '#core';
import { helpCard } from '#flows';
import { createRoster } from '#oncall';
import { eldPlan as plan } from '../support/eld-plan.ts';
import { wordsOf } from '../support/words-of.ts';

const flow = { plan, roster: createRoster(plan), commands };

function helpOf(person: string | undefined): string {
  return wordsOf(
    helpCard(
      {
        person: person === undefined ? undefined : PersonId.parse(person),
        name: 'whoever asks',
        via: 'slack',
        at: new Date('2026-11-23T08:12:00Z'),
        timeZone: 'UTC',
        intake: 'help',
        incident: undefined,
        request: undefined,
      },
      flow,
    ),
  );
}

test.each([undefined, ...flow.roster.people().map(({ id }) => id)])('help for %s fits a phone', (person) => {
  expect(helpOf(person).length).toBeLessThan(1_500);
});

test('what is typed in a hurry stands on a line of its own, the rest by name', () => {
  const help = helpOf('alex-chen').split('\n');
  expect(help).toContain('/dr restore latest');
  expect(help).toContain('/dr failover us-west-2');
  expect(help.find((line) => line.startsWith('Also: ') && line.includes('restore swap'))).toBeDefined();
});

test('somebody without a role reads only what they may do', () => {
  const help = helpOf(undefined);
  expect(help.split('\n')).toContain('/dr status');
  expect(help).not.toContain('/dr failover us-west-2');
  expect(help).not.toContain('restore swap');
});
