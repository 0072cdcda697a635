import { verifyStart } from '#approvals';
import { DrError } from '#core';
import { readIncident } from '#incidents';
import type { ApprovalPolicy } from '#plan';
import type { Flow } from '../flow.ts';
import { refuseAfterMove } from '../moves/last-move.ts';
import type { RequestRecord } from '../request-record.ts';
import { vetoMinutesOf } from './veto-minutes.ts';

/**
 * What a worker asks of a start that nobody approved, instead of approvals: that it was announced, that everybody who could
 * have held it was told in time and nobody did, all signed; that its incident still lasts, and that nothing moved meanwhile.
 * Throws APPROVAL_INVALID (permanent) or WRONG_STATE (user).
 */
export async function recheckStart<World>(
  request: RequestRecord,
  policy: ApprovalPolicy,
  flow: Flow<World>,
): Promise<void> {
  const { id, preview, starts, incident, expiresAt } = request;
  if (!preview || !starts?.unheld) throw new DrError('UNEXPECTED', 'bug', `${id} has no start to check.`);
  verifyStart({
    request: id,
    previewHash: preview.hash,
    start: starts.unheld,
    vetoMinutes: vetoMinutesOf(preview.preview.job, request, flow.plan),
    isOff: starts.off !== undefined,
    policy,
    roster: flow.roster,
    publicKey: flow.approvalKeys.publicKey,
    now: await flow.store.now(),
    expiresAt,
  });
  const cause = incident && (await readIncident(flow.store, incident));
  if (cause?.state !== 'open' || cause.recoveringSince) {
    throw new DrError(
      'WRONG_STATE',
      'user',
      `${incident ?? 'Its incident'} is well again or over. Nothing was changed.`,
      {
        hint: 'Ask again if it is needed all the same.',
      },
    );
  }
  await refuseAfterMove(request.line, flow);
}
