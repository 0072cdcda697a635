import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ApprovalRecord,
  type ApprovalsToVerify,
  generateApprovalKeys,
  readApprovalKeys,
  signApproval,
  verifyApproval,
  verifyApprovals,
} from '#approvals';
import { PersonId, RequestId, Role, Sha256 } from '#core';
import { createRoster } from '#oncall';
import { parsePlan } from '#plan';
import { edited } from '../plan/eld-plan.ts';
import { approvedBy, keys, otherPreview, person, policy, preview, roster, time, waiting } from './approval-world.ts';

const request = waiting.request;
const approvals = approvedBy(approvedBy(waiting, 'alex-chen'), 'john-smith', time('14:02')).approvals;
const [alex, john] = approvals as [ApprovalRecord, ApprovalRecord];
const whole: ApprovalsToVerify = {
  request,
  previewHash: preview,
  approvals,
  policy,
  roster,
  requester: waiting.requester,
  publicKey: keys.publicKey,
  now: time('14:03'),
  expiresAt: time('27:00'),
  plan: { approvedUnder: preview, now: preview },
};

function reasonFor(change: Partial<ApprovalsToVerify>): unknown {
  try {
    verifyApprovals({ ...whole, ...change });
  } catch (error) {
    expect(error).toMatchObject({ code: 'APPROVAL_INVALID', kind: 'permanent' });
    return (error as { data: { reason: unknown } }).data.reason;
  }
  return undefined;
}

/** Signed by us, but saying something else: what a bot with a bug could write. */
const resigned = (record: ApprovalRecord, change: Partial<ApprovalRecord>): ApprovalRecord => {
  const { signature: _old, ...rest } = record;
  return signApproval(request, { ...rest, ...change }, keys);
};

describe('what a worker checks before it starts', () => {
  it('passes two signed approvals by the right people', () => {
    expect(reasonFor({})).toBeUndefined();
  });

  it.each([
    ['nothing approved', 'incomplete', { approvals: [] }],
    ['one of two', 'incomplete', { approvals: [alex] }],
    ['the same approval twice', 'slot-twice', { approvals: [alex, alex] }],
    ['one person twice', 'person-twice', { approvals: [alex, resigned(alex, { slot: 0 })] }],
    ['another preview', 'other-preview', { previewHash: otherPreview }],
    ['another request', 'signature', { request: RequestId.parse('R-43') }],
    ['a place the policy does not have', 'slot-unknown', { approvals: [resigned(alex, { slot: 2 }), john] }],
    ['the asker among the approvers', 'requester', { requester: person('john-smith') }],
    [
      'a role the person does not hold',
      'role-not-held',
      { approvals: [resigned(john, { role: Role.parse('technical-lead') }), alex] },
    ],
    ['a role not asked for in that place', 'role-not-held', { approvals: [resigned(alex, { slot: 0 }), john] }],
    ['another Slack account', 'other-account', { approvals: [resigned(alex, { slackUser: 'U0GUEST' }), john] }],
    ['no second proof', 'step-up-missing', { policy: { ...policy, stepUp: 'totp' } }],
    ['a time to come', 'from-the-future', { now: time('14:00') }],
    ['an approval after expiry', 'after-expiry', { expiresAt: time('14:02') }],
    [
      'approvals too far apart',
      'after-expiry',
      { expiresAt: undefined, approvals: [alex, resigned(john, { at: time('40:00') })], now: time('50:00') },
    ],
    ['a plan that changed', 'plan-changed', { plan: { approvedUnder: preview, now: otherPreview } }],
    ['the key of somebody else', 'signature', { publicKey: readApprovalKeys(generateApprovalKeys()).publicKey }],
  ] as const)('refuses %s', (_name, reason, change) => {
    expect(reasonFor(change)).toBe(reason);
  });

  it('refuses somebody who lost the role since', () => {
    const later = createRoster(parsePlan(edited(['primary: alex-chen', 'primary: tom-garcia']), 'plan.yaml').plan);
    expect(reasonFor({ roster: later })).toBe('not-eligible');
  });

  it('takes an approval from the terminal, which has no Slack account', () => {
    const { signature: _s, team: _t, slackUser: _u, ...rest } = alex;
    expect(reasonFor({ approvals: [signApproval(request, { ...rest, via: 'terminal' }, keys), john] })).toBeUndefined();
  });
});

describe('a signature', () => {
  const forgeries: Record<keyof ApprovalRecord, fc.Arbitrary<unknown>> = {
    slot: fc.nat(9),
    role: fc.constantFrom('incident-commander', 'technical-lead').map((role) => Role.parse(role)),
    person: fc.constantFrom('john-smith', 'david-kim', 'jane-doe').map((id) => PersonId.parse(id)),
    team: fc.option(fc.string(), { nil: undefined }),
    slackUser: fc.option(fc.string(), { nil: undefined }),
    previewHash: fc.stringMatching(/^[0-9a-f]{64}$/).map((hash) => Sha256.parse(hash)),
    at: fc.date({ noInvalidDate: true }),
    via: fc.constantFrom('slack', 'terminal'),
    stepUp: fc.constantFrom('none', 'totp'),
    signature: fc.oneof(
      fc.string(),
      fc.uint8Array({ minLength: 64, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    ),
  };
  const forged = fc
    .constantFrom(...(Object.keys(forgeries) as (keyof ApprovalRecord)[]))
    .chain((field) => forgeries[field].map((value) => ({ field, value })));

  it('holds for what was signed', () => {
    expect(verifyApproval(request, alex, keys.publicKey)).toBe(true);
  });

  it('does not hold when any field of an approval was changed', () => {
    fc.assert(
      fc.property(forged, ({ field, value }) => {
        const record = { ...alex, [field]: value } as ApprovalRecord;
        const same = value instanceof Date ? value.getTime() === alex.at.getTime() : value === alex[field];
        expect(verifyApproval(request, record, keys.publicKey)).toBe(same);
      }),
      { numRuns: 500 },
    );
  });

  it('does not hold when any letter of it was changed', () => {
    for (let index = 0; index < alex.signature.length; index += 1) {
      const letter = alex.signature[index] === 'A' ? 'B' : 'A';
      const signature = alex.signature.slice(0, index) + letter + alex.signature.slice(index + 1);
      expect(verifyApproval(request, { ...alex, signature }, keys.publicKey)).toBe(false);
    }
  });

  it('cannot be made without the private key', () => {
    const { signature: _s, ...rest } = alex;
    expect(() => signApproval(request, rest, { publicKey: keys.publicKey, privateKey: undefined })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  it('wants ed25519 keys that belong together', () => {
    const [one, two] = [generateApprovalKeys(), generateApprovalKeys()];
    expect(readApprovalKeys({ publicPem: one.publicPem }).privateKey).toBeUndefined();
    expect(() => readApprovalKeys({ privatePem: one.privatePem, publicPem: two.publicPem })).toThrow(
      /do not belong together/,
    );
    expect(() => readApprovalKeys({ privatePem: 'nothing' })).toThrow(/cannot be read as PEM/);
    expect(() => readApprovalKeys({})).toThrow(/No key for approvals is set/);
  });
});
