import { Route53ServiceException } from '@aws-sdk/client-route-53';
import { DrError } from '#core';

/** Route 53 says these while it is busy with an earlier change, or with too many of us. */
const PASSING = new Set(['PriorRequestNotComplete', 'Throttling', 'ThrottlingException', 'ServiceUnavailable']);
const NO_RIGHT = new Set(['AccessDenied', 'AccessDeniedException', 'InvalidClientTokenId', 'SignatureDoesNotMatch']);

/** `order` completes "Route 53 was asked to ...". */
export function translated(thrown: unknown, order: string, action: string): DrError {
  if (thrown instanceof DrError) return thrown;
  if (!(thrown instanceof Route53ServiceException)) {
    return new DrError('DNS_UNAVAILABLE', 'transient', `Route 53 does not answer (asked to ${order}).`, {
      cause: thrown,
    });
  }
  const status = thrown.$metadata.httpStatusCode ?? 0;
  if (PASSING.has(thrown.name) || status >= 500 || status === 429) {
    return new DrError('DNS_UNAVAILABLE', 'transient', `Route 53 could not ${order} now (${thrown.name}).`, {
      cause: thrown,
    });
  }
  const hint = NO_RIGHT.has(thrown.name) ? `Allow Holdfast's AWS role the action route53:${action}.` : undefined;
  return new DrError('DNS_REFUSED', 'permanent', `Route 53 refused to ${order} (${thrown.name}): ${thrown.message}`, {
    cause: thrown,
    ...(hint ? { hint } : {}),
  });
}
