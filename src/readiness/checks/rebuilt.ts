import { notReady, type ReadinessCheck, ready } from '../readiness-check.ts';

/** A region that was given up has writes that nobody else has, or lacks some: it is no way back before a rebuild. */
export const rebuilt: ReadinessCheck = {
  name: 'members',
  look: async (world, { to }) =>
    (await world.isGivenUp(to))
      ? notReady([`${to} was given up and not rebuilt since`], `/dr rebuild ${to}`)
      : ready([`${to} has what the others have`]),
};
