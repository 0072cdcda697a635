import { describe, expect, it } from 'vitest';
import { type ApprovalRequest, type Click, decide, explainRefusal, type Refusal } from '#approvals';
import { Role, type Text } from '#core';
import { approvedBy, clickOf, otherPreview, person, preview, roster, time, waiting } from './approval-world.ts';

/** As it is read, times by UTC, bold between stars. */
const read = (text: Text): string =>
  text
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      if ('time' in piece) return piece.time.toISOString().slice(11, 19);
      return 'bold' in piece ? `*${piece.bold}*` : '?';
    })
    .join('');

function explained(refusal: Refusal, open: ApprovalRequest = waiting) {
  const { text, actions } = explainRefusal(refusal, { open, roster });
  return [read(text), actions];
}

function refused(open: ApprovalRequest, click: Click) {
  const decision = decide(open, click, roster);
  if (decision.kind !== 'refused') throw new Error('It counted.');
  return explained(decision.refusal, open);
}

describe('a refusal is told with its reason and the way out', () => {
  it('to the person who asked', () => {
    expect(refused(approvedBy(waiting, 'john-smith'), clickOf('mike-johnson'))).toEqual([
      '*Not counted.* You asked for R-42, so others must approve. Still missing: Database Admin (Alex Chen or David Kim). ' +
        'Open until 08:27:00. Nothing was changed.',
      ['remind', 'cancel'],
    ]);
  });

  it('to somebody without a role, and with another one', () => {
    expect(explained({ kind: 'no-role', roles: [] })[0]).toBe(
      'You cannot approve R-42: it needs Incident Commander, Technical Lead or Database Admin, and you have no role in the plan. ' +
        'Roles: /dr oncall. Nothing was changed.',
    );
    expect(explained({ kind: 'no-role', roles: [Role.parse('communications')] })[0]).toContain(
      'and you are Communications.',
    );
  });

  it('to somebody whose role was given by another', () => {
    expect(refused(approvedBy(waiting, 'john-smith'), clickOf('jane-doe'))[0]).toBe(
      'Incident Commander is already given (John Smith 08:13:41). Still missing: Database Admin (Alex Chen or David Kim). ' +
        'Your click was not counted.',
    );
  });

  it('to one person with two roles, and to a second click', () => {
    const given = approvedBy(waiting, 'john-smith').approvals[0];
    if (!given) throw new Error('none');
    expect(explained({ kind: 'one-person-two-roles', given })[0]).toBe(
      'You already approved R-42 as Incident Commander at 08:13:41. The second approval must be another person.',
    );
    expect(explained({ kind: 'duplicate', given })[0]).toBe('Already counted: you approved R-42 at 08:13:41.');
  });

  it('when it is decided or expired', () => {
    const approved = { kind: 'approved', at: time('14:02'), progress: 'is at step 4 of 8' } as const;
    expect(explained({ kind: 'decided', standing: approved })).toEqual([
      'R-42 was approved at 08:14:02 and is at step 4 of 8.',
      ['open'],
    ]);
    const denied = { kind: 'denied', at: time('14:20'), by: person('jane-doe') } as const;
    expect(explained({ kind: 'decided', standing: denied })[0]).toBe(
      'R-42 was denied at 08:14:20 by Jane Doe. Nothing was changed.',
    );
    expect(explained({ kind: 'expired', at: time('27:00') })).toEqual([
      'R-42 expired at 08:27:00. Nothing was changed.',
      ['ask-again'],
    ]);
  });

  it('for a foreign button, saying that somebody was told only when somebody was', () => {
    const refusal = { kind: 'foreign-button' } as const;
    expect(explained(refusal)[0]).toBe(
      'That button does not belong to this card. Nothing was changed. It was recorded.',
    );
    const told = { person: person('lisa-brown'), role: Role.parse('security-lead') };
    expect(read(explainRefusal(refusal, { open: waiting, roster, told }).text)).toBe(
      'That button does not belong to this card. Nothing was changed. It was recorded; Lisa Brown (Security Lead) was told.',
    );
  });

  it('for another preview, an unlinked account and a missing proof', () => {
    expect(explained({ kind: 'preview-changed', shown: preview, current: otherPreview })[0]).toContain(
      'That card shows preview 9f3c-21ab; R-42 now stands at preview 77d0-e41c.',
    );
    expect(refused(waiting, clickOf(undefined))[0]).toBe(
      'Your Slack account is not linked to anyone in the plan, so nothing you press counts. ' +
        'An Incident Commander adds it to plan.yaml: roster, people, slack_user.',
    );
    expect(explained({ kind: 'step-up-needed' })[1]).toEqual(['confirm-me']);
    expect(explained({ kind: 'step-up-refused', why: 'code-used' })[0]).toBe(
      'That code was used already. Wait for the next one. Your approval of R-42 was not counted.',
    );
  });
});
