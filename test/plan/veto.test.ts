import { expect, it } from 'vitest';
import { edited, mistakesIn } from './eld-plan.ts';

const VETO = 'failover: veto\n    veto_minutes: 5';

it.each([
  ['failover: veto', 'detection.on_breach.failover veto needs veto_minutes: how long people have to hold it.'],
  ['failover: propose\n    veto_minutes: 5', 'detection.on_breach.veto_minutes is for failover: veto only.'],
  [
    'failover: veto\n    veto_minutes: 15',
    'detection.on_breach.veto_minutes must be shorter than approvals.failover is open (15 min).',
  ],
  [
    'failover: veto\n    veto_minutes: 10',
    'detection.on_breach.veto_minutes leaves nothing of objectives.failover_minutes (15): 5 min until it is a breach and 10 min to hold it.',
  ],
])('a breach that starts a failover by itself leaves people time and keeps the promise: not %j', (text, sentence) => {
  expect(mistakesIn(edited([VETO, text])).map(({ path, sentence: said }) => `${path} ${said}`)).toEqual([sentence]);
});

it('whoever only proposes needs no minutes', () => {
  expect(mistakesIn(edited([VETO, 'failover: propose']))).toEqual([]);
});
