import { canonicalJson } from '#core';
import type { LossReceipt, MissingWrite } from '#loss';

const COLUMNS = ['namespace', 'id', 'what', 'at', 'known', 'hash', 'back', 'back_at', 'back_by'] as const;

/** Every missing write, a line each. */
export const csvOf = (missing: readonly MissingWrite[]): string =>
  [COLUMNS.join(','), ...missing.map(lineOf)].join('\n');

function lineOf({ namespace, id, what, at, known, hash, back }: MissingWrite): string {
  const fields = [namespace, id, what, at.toISOString(), known, hash ?? '', back?.how ?? ''];
  return [...fields, back?.at.toISOString() ?? '', back?.by ?? ''].map(field).join(',');
}

/** Quoted where it must be; what a spreadsheet would take for a formula is text. */
function field(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\s]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The very bytes that were signed, and the signature beside them. */
export const signedOf = (receipt: LossReceipt): string => canonicalJson(receipt);
