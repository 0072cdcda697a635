import { asDrError } from '#core';
import { type ReadinessCheck, ready, weak } from '../readiness-check.ts';

/** All that leaving a dead region needs is there. */
export const loss: ReadinessCheck = {
  name: 'loss of a region',
  look: async (world, { from }) => {
    try {
      world.lostRegion();
      return ready([`a dead ${from} can be left`]);
    } catch (thrown) {
      const error = asDrError(thrown);
      if (error.kind !== 'user') throw error;
      return weak([error.message], 'dr doctor');
    }
  },
};
