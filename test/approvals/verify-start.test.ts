import { describe, expect, it } from 'vitest';
import { generateApprovalKeys, readApprovalKeys, type StartToVerify, signUnheld, verifyStart } from '#approvals';
import { DrError, PersonId, RequestId, Sha256 } from '#core';
import { createRoster } from '#oncall';
import { eldPlan } from '../support/eld-plan.ts';

const MINUTE = 60_000;
const keys = readApprovalKeys(generateApprovalKeys());
const others = readApprovalKeys(generateApprovalKeys());
const request = RequestId.parse('R-7');
const previewHash = Sha256.parse('a'.repeat(64));
const roster = createRoster(eldPlan);
const policy = eldPlan.approvals['failover'];
const ANNOUNCED = new Date('2026-11-23T08:00:00Z');
const minute = (minutes: number): Date => new Date(ANNOUNCED.getTime() + minutes * MINUTE);
const people = ['john-smith', 'jane-doe', 'mike-johnson', 'sarah-wilson', 'alex-chen', 'david-kim'].map((each) =>
  PersonId.parse(each),
);

type Start = Omit<StartToVerify['start'], 'signature'>;
const fair: Start = {
  previewHash,
  announcedAt: ANNOUNCED,
  startsAt: minute(5),
  told: people.map((person) => ({ person, at: minute(0.1) })),
  at: minute(5),
};

function given(start: Partial<Start> = {}, more: Partial<StartToVerify> = {}, by = keys): StartToVerify {
  if (!policy || policy === 'none') throw new Error('a failover needs approvals');
  return {
    ...{ request, previewHash, policy, roster, publicKey: keys.publicKey },
    ...{ vetoMinutes: 5, isOff: false, now: minute(5.1), expiresAt: minute(15) },
    start: signUnheld(request, { ...fair, ...start }, by),
    ...more,
  };
}

function reasonOf(start: StartToVerify): unknown {
  try {
    verifyStart(start);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof DrError)) throw thrown;
    expect(thrown.message).toMatch(/^R-[78] must not run: .*\. Nothing was changed\.$/);
    return thrown.data['reason'];
  }
}

describe('a start that nobody approved and nobody held', () => {
  it('is believed when everything was so', () => {
    expect(reasonOf(given())).toBeUndefined();
  });

  it.each<[string, StartToVerify]>([
    ['not-by-itself', given({}, { vetoMinutes: undefined })],
    ['held', given({}, { isOff: true })],
    ['signature', given({}, {}, others)],
    ['signature', given({}, { request: RequestId.parse('R-8') })],
    ['signature', { ...given(), start: { ...given().start, at: minute(6) } }],
    ['other-preview', given({}, { previewHash: Sha256.parse('b'.repeat(64)) })],
    ['from-the-future', given({}, { now: minute(4.9) })],
    ['too-early', given({ at: minute(4.99) })],
    ['too-early', given({}, { vetoMinutes: 6 })],
    ['too-early', given({ startsAt: minute(4), at: minute(4.5) })],
    ['too-late', given({}, { now: minute(15) })],
    ['too-late', given({}, { expiresAt: undefined })],
    ['not-told', given({ told: fair.told.slice(1) })],
    ['told-late', given({ told: fair.told.map((each) => ({ ...each, at: minute(2.6) })) })],
  ])('is refused as %s', (reason, start) => {
    expect(reasonOf(start)).toBe(reason);
  });
});
