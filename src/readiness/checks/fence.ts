import { formatDuration } from '#core';
import { type ReadinessCheck, ready, weak } from '../readiness-check.ts';

/** Were the serving region cut off, it would stop writing by itself, and that could be proved. */
export const fence: ReadinessCheck = {
  name: 'fence',
  look: async (world, { from }) => {
    const { standing, waitMs, reasons } = await world.fence.look(from);
    if (standing === 'not-provable') {
      const why = reasons.length > 0 ? `: ${reasons.join('; ')}` : '';
      return weak([`a cut-off ${from} could not be fenced${why}`], 'docs/region-leases.md');
    }
    return ready([`a cut-off ${from} stops writing; proved within ${formatDuration(waitMs)}`]);
  },
};
