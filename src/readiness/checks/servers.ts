import { DrError } from '#core';
import { lacksSaid, PLANNED_NEEDS, UNPLANNED_NEEDS } from '#ports';
import { notReady, type ReadinessCheck, ready, weak } from '../readiness-check.ts';

const NEXT = 'dr doctor, in a terminal';

/** They have the commands, and our user the rights, that a move needs: an old or managed server has not all of them. */
export const servers: ReadinessCheck = {
  name: 'servers',
  look: async ({ replicaSet }, { to }) => {
    const { members } = await replicaSet.look();
    const there = members.find(({ region, state }) => region === to && state !== 'unreachable');
    if (!there) throw new DrError('DATABASE_UNAVAILABLE', 'transient', `No member in ${to} answers.`);
    const found = await replicaSet.abilities(there.host);
    const planned = lacksSaid(found, PLANNED_NEEDS);
    if (planned.length > 0) return notReady([planned.join('; ')], NEXT);
    const unplanned = lacksSaid(found, UNPLANNED_NEEDS);
    if (unplanned.length > 0) return weak([unplanned.join('; ')], NEXT);
    return ready([`${found.product}, with all that a move needs`]);
  },
};
