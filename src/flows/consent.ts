import { DrError, RequestId, Sha256 } from '#core';
import { marks } from './hash-mark.ts';

export interface Consent {
  readonly request: RequestId;
  /** The preview that the person saw: the whole hash from a button, or its first eight digits typed. */
  readonly preview: string;
  /** Six digits of an authenticator, where the policy asks for a second proof. */
  readonly code?: string | undefined;
}

/** What a button's value, or a form's context, names: the request and the preview it was drawn for. */
export function consentIn(value: string): Consent {
  const [number, preview = ''] = value.split(' ');
  const request = RequestId.safeParse(number);
  if (!request.success) throw new DrError('REQUEST_UNKNOWN', 'user', 'That names no request. Nothing was changed.');
  return { request: request.data, preview };
}

/** What a person typed is short; it stands for the whole hash only when that begins so. */
export function wholeHash(given: string, current: Sha256): Sha256 | undefined {
  if (marks(given, current)) return current;
  return Sha256.safeParse(given).data ?? OTHER_PREVIEW;
}

/** Any hash that is not the current one: a typed one that does not fit is "another preview", not "no preview". */
const OTHER_PREVIEW = Sha256.parse('0'.repeat(64));

export const requestUnknown = (id: RequestId): DrError =>
  new DrError('REQUEST_UNKNOWN', 'user', `There is no ${id}. Nothing was changed.`, {
    hint: '/dr approvals lists what waits.',
  });
