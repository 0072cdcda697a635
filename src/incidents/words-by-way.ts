import type { Card, PagerCall } from '#ports';

/** What a page says on each way. */
export interface PageWords {
  readonly call: Omit<PagerCall, 'key'>;
  readonly sms: string;
  readonly voice: string;
  readonly subject: string;
  readonly email: string;
  readonly webhook: string;
  readonly card: Card;
}
