import type { KeyObject } from 'node:crypto';
import { DrError, type PersonId, type RequestId, type Sha256 } from '#core';
import type { ApprovalPolicy } from '#plan';
import type { ApprovalRoster } from './approval-roster.ts';
import { eligibleApprovers } from './needs.ts';
import { isUnheld, type UnheldStart } from './start-record.ts';

/** What a worker knows when it checks a start that nobody approved. */
export interface StartToVerify {
  readonly request: RequestId;
  readonly previewHash: Sha256;
  readonly start: UnheldStart;
  /** How long people must have had by the plan of now; undefined: it lets nothing of this kind start by itself. */
  readonly vetoMinutes: number | undefined;
  /** Somebody held it, or Holdfast gave it up. */
  readonly isOff: boolean;
  readonly policy: ApprovalPolicy;
  readonly roster: ApprovalRoster;
  readonly publicKey: KeyObject;
  /** By the control store's clock. */
  readonly now: Date;
  readonly expiresAt: Date | undefined;
}

export type StartRefusal =
  | 'not-by-itself'
  | 'held'
  | 'signature'
  | 'other-preview'
  | 'too-early'
  | 'not-told'
  | 'told-late'
  | 'too-late'
  | 'from-the-future';

const SENTENCES: Readonly<Record<StartRefusal, string>> = {
  'not-by-itself': 'the plan lets it start with approvals only',
  held: 'it was held',
  signature: 'that nobody held it is not signed by Holdfast',
  'other-preview': 'what was announced is another preview',
  'too-early': 'people had less time to hold it than the plan gives them',
  'not-told': 'not everybody who could approve was told',
  'told-late': 'somebody was told too late to hold it',
  'too-late': 'it was to start a while ago',
  'from-the-future': 'it carries a time that has not come yet',
};

/**
 * The whole check again of a start that nobody approved and nobody held, with the plan and the roster of now. Throws
 * APPROVAL_INVALID (permanent); `data.reason` is a StartRefusal. Pure.
 */
export function verifyStart(given: StartToVerify): void {
  const reason = whyNotStarted(given);
  if (reason === undefined) return;
  const { request } = given;
  throw new DrError(
    'APPROVAL_INVALID',
    'permanent',
    `${request} must not run: ${SENTENCES[reason]}. Nothing was changed.`,
    {
      hint:
        reason === 'signature' || reason === 'other-preview' || reason === 'from-the-future'
          ? 'The Security Lead should look at who wrote it into the control store.'
          : 'Ask again: the new request is approved by people.',
      data: { reason },
    },
  );
}

function whyNotStarted(given: StartToVerify): StartRefusal | undefined {
  const { request, previewHash, start, vetoMinutes, isOff, publicKey, now, expiresAt } = given;
  const { announcedAt, startsAt, at } = start;
  if (vetoMinutes === undefined) return 'not-by-itself';
  if (isOff) return 'held';
  if (!isUnheld(request, start, publicKey)) return 'signature';
  if (start.previewHash !== previewHash) return 'other-preview';
  if (at > now) return 'from-the-future';
  const vetoMs = vetoMinutes * 60_000;
  if (at < startsAt || at.getTime() - announcedAt.getTime() < vetoMs) return 'too-early';
  if (!expiresAt || at >= expiresAt || now >= expiresAt) return 'too-late';
  if (notTold(start, given).length > 0) return 'not-told';
  return at < heardBy(start, vetoMinutes) ? 'told-late' : undefined;
}

/** Whoever could approve by the roster of now and was not told. */
export const notTold = (
  { told }: Pick<UnheldStart, 'told'>,
  { policy, roster }: Pick<StartToVerify, 'policy' | 'roster'>,
): PersonId[] =>
  eligibleApprovers(policy, roster, undefined).filter((person) => !told.some((each) => each.person === person));

/** Until when the last who was told must be given time: half of what the first had. */
export function heardBy({ told }: Pick<UnheldStart, 'told'>, vetoMinutes: number): Date {
  const last = Math.max(0, ...told.map(({ at }) => at.getTime()));
  return new Date(last + (vetoMinutes * 60_000) / 2);
}
