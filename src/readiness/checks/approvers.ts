import { satisfiability } from '#approvals';
import { notReady, type ReadinessCheck, ready } from '../readiness-check.ts';

/** People on the roster can give every approval that a failover needs, whoever asks for it. */
export const approvers: ReadinessCheck = {
  name: 'approvers',
  look: async ({ policies, roster }) => {
    const people = roster.people().map(({ id }) => id);
    const stuck = policies.filter(({ policy }) =>
      [undefined, ...people].some((asker) => satisfiability(policy, roster, asker).kind === 'unsatisfiable'),
    );
    return stuck.length === 0
      ? ready(['enough, whoever asks'])
      : notReady([`too few for: ${stuck.map(({ what }) => what).join(', ')}`], '/dr oncall');
  },
};
