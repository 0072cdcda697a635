import { at, formatDuration, say } from '#core';
import { notReady, type ReadinessCheck, ready, weak } from '../readiness-check.ts';

/** One of the changes is made every hour, a full one every day. */
const LATE_MS = 25 * 3_600_000;

/** Moving production is no time to be without a backup: without one the preview of a move refuses it too. */
export const backup: ReadinessCheck = {
  name: 'backup',
  look: async ({ newestVerifiedBackup, store }) => {
    const newest = await newestVerifiedBackup();
    if (!newest) return notReady(['none is verified'], '/dr backup mongodb');
    const ageMs = (await store.now()).getTime() - newest.at.getTime();
    const words = say`verified, of ${at(newest.at)}`;
    if (ageMs <= LATE_MS) return ready(words);
    return weak(say`${words}, ${formatDuration(ageMs)} old`, '/dr backup mongodb');
  },
};
