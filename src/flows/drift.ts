import { z } from 'zod';
import type { Preview } from '#chatops';
import { canonicalJson, formatBytes, formatCount, formatDuration } from '#core';

/** One thing that is different now. `over` when it passed the limit that people approved. */
export const DriftRow = z.object({ what: z.string(), before: z.string(), after: z.string(), over: z.boolean() });
export type DriftRow = z.output<typeof DriftRow>;

/**
 * What voids an approval: a fact that changed at all, or a live figure beyond the limit that was approved. Live figures
 * that move inside their limit are no drift: otherwise every approval would be void a second later. A limit that would
 * be set otherwise today changes nothing: people approved the one they saw.
 */
export function driftBetween(approved: Preview, now: Preview): DriftRow[] {
  const facts = changedKeys(approved.facts, now.facts).map((key) =>
    row(key, approved.facts[key], now.facts[key], false),
  );
  const beyond = Object.entries(approved.limits).flatMap(([key, limit]) => {
    const value = now.live[key];
    return typeof value === 'number' && value > limit ? [row(key, approved.live[key], value, true)] : [];
  });
  return [...facts, ...beyond];
}

function changedKeys(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => canonicalJson(before[key] ?? null) !== canonicalJson(after[key] ?? null)).sort();
}

const row = (key: string, before: unknown, after: unknown, over: boolean): DriftRow => ({
  what: words(key),
  before: figure(key, before),
  after: figure(key, after),
  over,
});

/** `pauseMs` is "pause", `configVersion` "config version": the unit is in the figure. */
const words = (key: string): string =>
  key
    .replace(/(Ms|Bytes)$/, '')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();

function figure(key: string, value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'number') {
    if (key.endsWith('Ms')) return formatDuration(value);
    if (key.endsWith('Bytes')) return formatBytes(value);
    return formatCount(value);
  }
  const text = plain(value) || 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** As people write it: `us-east-1 100, us-west-2 0`, and not as JSON. */
function plain(value: unknown): string {
  if (Array.isArray(value))
    return value.map((item) => (isObject(item) ? Object.values(item).map(plain).join(' ') : plain(item))).join(', ');
  if (isObject(value))
    return Object.entries(value)
      .map(([key, item]) => `${key} ${plain(item)}`)
      .join(', ');
  return String(value ?? 'nothing');
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Date);
