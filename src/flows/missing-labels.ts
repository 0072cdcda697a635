import type { RequestRecord } from './request-record.ts';

/** Labels of the consents still missing. */
export const missingLabels = ({ needs, approvals }: Pick<RequestRecord, 'needs' | 'approvals'>): string[] =>
  needs.filter((_, slot) => !approvals.some((approval) => approval.slot === slot)).map(({ label }) => label);
