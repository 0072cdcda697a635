import { z } from 'zod';
import { Region } from '#core';
import type { Detection } from '#plan';
import type { Report } from '../report.ts';

/** From where the system is looked at, and whether anybody looks from there now. */
export const Vantage = z.object({
  region: Region,
  at: z.date(),
  /** `late`: it has no voice. `blind`: for so long that people are told. */
  state: z.enum(['seeing', 'late', 'blind']),
});
export type Vantage = z.output<typeof Vantage>;

/** A detector that is gone for so long was taken away, and nobody misses it. */
const FORGOTTEN_MS = 7 * 86_400_000;

/** One round may be late and the next one slow; past that a report says nothing about now. */
const freshMs = ({ intervalSeconds, probeTimeoutSeconds, silentAfterSeconds }: Detection): number =>
  Math.min(2 * intervalSeconds + probeTimeoutSeconds, silentAfterSeconds) * 1_000;

/** The vantage points there are, by region. Pure. */
export const vantagePoints = (reports: readonly Report[], now: Date, detection: Detection): Vantage[] =>
  reports
    .map(({ id, at }): Vantage & { ageMs: number } => {
      const ageMs = now.getTime() - at.getTime();
      const state = ageMs <= freshMs(detection) ? 'seeing' : isBlind(ageMs, detection) ? 'blind' : 'late';
      return { region: id, at, state, ageMs };
    })
    .filter(({ ageMs }) => ageMs < FORGOTTEN_MS)
    .map(({ region, at, state }) => ({ region, at, state }))
    .sort((a, b) => (a.region < b.region ? -1 : 1));

const isBlind = (ageMs: number, { silentAfterSeconds }: Detection): boolean => ageMs > silentAfterSeconds * 1_000;
