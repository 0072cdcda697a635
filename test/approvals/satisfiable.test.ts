import { describe, expect, it } from 'vitest';
import { checkSatisfiable } from '#approvals';
import { createRoster } from '#oncall';
import { parsePlan } from '#plan';
import { edited } from '../plan/eld-plan.ts';
import { person, policy, roster, waiting } from './approval-world.ts';

const withoutDavid = createRoster(parsePlan(edited([', slack_user: U0DAVIDKIM', '']), 'plan.yaml').plan);

describe('a request that nobody can approve', () => {
  it('is said at once, with who is missing, why, and what can be done', () => {
    expect(() => checkSatisfiable(policy, withoutDavid, person('alex-chen'), waiting.request)).toThrow(
      expect.objectContaining({
        code: 'UNSATISFIABLE',
        kind: 'user',
        message:
          'R-42 cannot be approved as things stand. Needed: Database Admin, not the person who asked. ' +
          'Alex Chen asked for it; David Kim has no linked Slack account. Nothing was changed.',
        hint: 'What you can do: let someone else ask (any responder), or give David Kim a slack_user in plan.yaml',
      }),
    );
  });

  it('is one as soon as another asks, or everybody is linked', () => {
    expect(() => checkSatisfiable(policy, withoutDavid, person('mike-johnson'))).not.toThrow();
    expect(() => checkSatisfiable(policy, roster, person('alex-chen'))).not.toThrow();
    expect(() => checkSatisfiable(policy, roster, undefined)).not.toThrow();
  });
});
