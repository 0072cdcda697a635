import { describe, expect, it } from 'vitest';
import {
  type ApprovalRequest,
  type Click,
  decide,
  deny,
  isComplete,
  missingSlots,
  needsOf,
  unapprove,
} from '#approvals';
import type { Role } from '#core';
import { createRoster } from '#oncall';
import { parsePlan } from '#plan';
import { edited } from '../plan/eld-plan.ts';
import { approvedBy, clickOf, otherPreview, person, policy, roster, time, waiting } from './approval-world.ts';

const refusalOf = (open: ApprovalRequest, click: Click): string | undefined => {
  const decision = decide(open, click, roster);
  return decision.kind === 'refused' ? decision.refusal.kind : undefined;
};

describe('an approval', () => {
  it('is needed from two roles, and names the people who can give it', () => {
    expect(needsOf(policy, roster, person('mike-johnson'))).toEqual([
      {
        label: 'Incident Commander or Technical Lead',
        roles: ['incident-commander', 'technical-lead'],
        eligible: ['john-smith', 'jane-doe', 'sarah-wilson'],
      },
      { label: 'Database Admin', roles: ['database-admin'], eligible: ['alex-chen', 'david-kim'] },
    ]);
  });

  it('fills the place of its role; two different people complete a request', () => {
    const first = decide(waiting, clickOf('alex-chen'), roster);
    expect(first).toMatchObject({ kind: 'accepted', complete: false, approval: { slot: 1, role: 'database-admin' } });
    const one = approvedBy(waiting, 'alex-chen');
    expect(missingSlots(policy, one.approvals).map(({ slot }) => slot)).toEqual([0]);
    expect(decide(one, clickOf('john-smith'), roster)).toMatchObject({ kind: 'accepted', complete: true });
    expect(isComplete(policy, approvedBy(one, 'john-smith').approvals)).toBe(true);
  });

  it('of the person who asked does not count', () => {
    expect(refusalOf(waiting, clickOf('mike-johnson'))).toBe('self');
  });

  it('of somebody without a role that is asked for does not count', () => {
    expect(refusalOf(waiting, clickOf('rachel-green'))).toBe('no-role');
  });

  it('of a role that was given already does not count', () => {
    expect(refusalOf(approvedBy(waiting, 'john-smith'), clickOf('jane-doe'))).toBe('role-already-given');
    expect(refusalOf(approvedBy(waiting, 'john-smith'), clickOf('sarah-wilson'))).toBe('role-already-given');
  });

  it('counts once a person', () => {
    expect(refusalOf(approvedBy(waiting, 'john-smith'), clickOf('john-smith'))).toBe('duplicate');
  });

  it('does not count at the moment of expiry, and does just before', () => {
    expect(refusalOf(waiting, clickOf('alex-chen', time('27:00')))).toBe('expired');
    expect(refusalOf(waiting, clickOf('alex-chen', time('26:59')))).toBeUndefined();
  });

  it('of another preview, a foreign button or a stranger does not count', () => {
    expect(refusalOf(waiting, clickOf('alex-chen', time('13:00'), { previewHash: otherPreview }))).toBe(
      'preview-changed',
    );
    expect(refusalOf(waiting, clickOf('alex-chen', time('13:00'), { buttonIsOurs: false }))).toBe('foreign-button');
    expect(refusalOf(waiting, clickOf('alex-chen', time('13:00'), { previewHash: undefined }))).toBe('foreign-button');
    expect(refusalOf(waiting, clickOf(undefined))).toBe('unlinked');
  });

  it('comes too late once it is decided, whoever clicks', () => {
    const decided: ApprovalRequest = { ...waiting, standing: { kind: 'approved', at: time('14:02') } };
    expect(refusalOf(decided, clickOf('alex-chen'))).toBe('decided');
    expect(refusalOf(decided, clickOf('mike-johnson'))).toBe('decided');
  });

  it('waits for the second proof where the policy asks for one', () => {
    const strict: ApprovalRequest = { ...waiting, policy: { ...policy, stepUp: 'totp' } };
    expect(refusalOf(strict, clickOf('alex-chen'))).toBe('step-up-needed');
    const wrong = clickOf('alex-chen', time('13:00'), { stepUp: { kind: 'refused', why: 'wrong-code' } });
    expect(refusalOf(strict, wrong)).toBe('step-up-refused');
    const proved = clickOf('alex-chen', time('13:00'), { stepUp: { kind: 'totp' } });
    expect(decide(strict, proved, roster)).toMatchObject({ kind: 'accepted', approval: { stepUp: 'totp' } });
  });
});

describe('somebody with two roles', () => {
  // David Kim is Jane Doe's replacement as deputy commander too.
  const both = createRoster(parsePlan(edited(['backup: jane-doe', 'backup: david-kim']), 'plan.yaml').plan);
  const role = (open: ApprovalRequest): Role | undefined => {
    const decision = decide(open, clickOf('david-kim'), both);
    return decision.kind === 'accepted' ? decision.approval.role : undefined;
  };

  it('takes the place that leaves the other one possible', () => {
    // Alex Chen asked: David Kim is the only Database Admin left and must not be spent as commander.
    expect(role({ ...waiting, requester: person('alex-chen') })).toBe('database-admin');
  });

  it('takes the other place when theirs is filled', () => {
    expect(role(approvedBy(waiting, 'alex-chen'))).toBe('incident-commander');
  });

  it('counts once all the same', () => {
    const decision = decide(waiting, clickOf('david-kim'), both);
    if (decision.kind !== 'accepted') throw new Error('refused');
    const once = { ...waiting, approvals: [{ ...decision.approval, signature: '' }] };
    expect(decide(once, clickOf('david-kim'), both)).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'one-person-two-roles' },
    });
  });
});

describe('taking back and denying', () => {
  it('takes one own approval back while it waits, and nobody else its', () => {
    const one = approvedBy(waiting, 'alex-chen');
    expect(unapprove(one, person('alex-chen'), time('14:00'))).toMatchObject({ kind: 'taken-back', approvals: [] });
    expect(unapprove(one, person('john-smith'), time('14:00'))).toEqual({ kind: 'not-given' });
    const decided: ApprovalRequest = { ...one, standing: { kind: 'approved', at: time('14:02') } };
    expect(unapprove(decided, person('alex-chen'), time('14:03'))).toMatchObject({ refusal: { kind: 'decided' } });
  });

  it('lets whoever could approve deny, with a reason', () => {
    const click = { person: person('jane-doe'), at: time('14:20'), buttonIsOurs: true };
    expect(deny(approvedBy(waiting, 'john-smith'), click, ' wait ', roster)).toEqual({
      kind: 'denied',
      by: 'jane-doe',
      reason: 'wait',
      at: time('14:20'),
    });
  });

  it.each([
    ['mike-johnson', 'self'],
    ['rachel-green', 'no-role'],
  ])('does not let %s deny (%s)', (id, kind) => {
    expect(deny(waiting, { person: person(id), at: time('14:00'), buttonIsOurs: true }, 'no', roster)).toMatchObject({
      refusal: { kind },
    });
  });
});
