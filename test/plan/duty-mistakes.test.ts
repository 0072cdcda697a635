import { expect, test } from 'vitest';
import { readPlan } from '#plan';
import { edited, mistakesIn, placeOf } from './eld-plan.ts';

const rotation = (people: string): string =>
  `rotation: { every: week, starts: 2026-11-23, at: 09:00, people: [${people}] }\n      `;

test('who is called, and cannot be, is told with every other mistake, each in its place', () => {
  const text = edited(
    ['pagerduty_user: PJANEDOE', 'pagerduty_user: PJSMITH1'],
    ['phone: +1-555-0104', 'phone: +1-5550103'],
    ['phone: +1-555-0105', 'phone: +1-555-0105, email: it@eld.example'],
    ['phone: +1-555-0106', 'phone: +1-555-0106, email: IT@eld.example'],
    [
      'tom-garcia: { name: Tom Garcia, slack_user: U0TOMGARCIA, pagerduty_user: PTGARCIA, phone: +1-555-0108 }',
      'tom-garcia: { name: Tom Garcia }',
    ],
    ['primary: alex-chen', `${rotation('alex-chen, david-kin')}primary: alex-chen`],
    ['primary: lisa-brown', `${rotation('lisa-brown, lisa-brown')}primary: lisa-brown`],
    [
      'away: []',
      `away:
    - { person: jon-smith, from: "2026-12-24T00:00:00Z", until: "2026-12-27T00:00:00Z" }
    - { person: jane-doe, from: "2026-12-24T00:00:00-05:00", until: "2026-12-24T04:59:00Z" }`,
    ],
    ['severity: sev-2, role: security-lead', 'severity: sev-2, role: security-leed'],
  );
  const found = mistakesIn(text).map(({ path, sentence }) => `${path} ${sentence}`);
  expect(found.toSorted()).toEqual(
    [
      'roster.people.jane-doe.pagerduty_user has the PagerDuty user of john-smith. One account is one person.',
      'roster.people.sarah-wilson.phone is the telephone of mike-johnson too. Calling the second would wake the first again.',
      'roster.people.david-kim.email is the address of alex-chen too. One address is one person.',
      'roster.people.tom-garcia has a role and can be reached by nothing. Give an account, a phone number or an e-mail address.',
      'roster.roles.database-admin.rotation.people[1] "david-kin" is not a person of the roster. Did you mean david-kim?',
      'roster.roles.security-lead.rotation.people has only lisa-brown. Name another person, or leave the rotation out.',
      'roster.away[0].person "jon-smith" is not a person of the roster. Did you mean john-smith?',
      'roster.away[1].until is not after 2026-12-24T00:00:00-05:00. An absence ends after it began.',
      'detection.checks[4].role "security-leed" is not a role. Did you mean security-lead?',
    ].toSorted(),
  );
  for (const [path, piece] of [
    ['roster.roles.database-admin.rotation.people[1]', 'david-kin'],
    ['roster.away[1].until', '"2026-12-24T04:59:00Z"'],
    ['roster.people.tom-garcia', 'tom-garcia: {'],
  ] as const) {
    expect(mistakesIn(text), path).toContainEqual(expect.objectContaining({ path, ...placeOf(text, piece) }));
  }
});

test('a role with nobody is none', () => {
  const text = edited(['      primary: rachel-green\n      backup: mark-taylor\n', '']);
  expect(mistakesIn(text)).toEqual([
    expect.objectContaining({ path: 'roster.roles.communications.primary', sentence: 'is missing.' }),
  ]);
});

test('turns among people of other roles are no mistake, nor is somebody without a role whom nothing reaches', () => {
  const text = edited(
    ['primary: alex-chen', `${rotation('sarah-wilson, tom-garcia')}primary: alex-chen`],
    ['    mark-taylor: {', '    new-hire: { name: New Hire }\n    mark-taylor: {'],
  );
  const read = readPlan(text);
  expect(read.kind === 'mistakes' ? read.mistakes : []).toEqual([]);
});
