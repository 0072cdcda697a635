import { asDrError } from '#core';
import { notReady, type ReadinessCheck, ready } from '../readiness-check.ts';

/** The cluster there would take as many instances as serve now: tried as a dry run, so the right to scale is proved too. */
export const capacity: ReadinessCheck = {
  name: 'capacity',
  look: async ({ clusters, plan }, { to }) => {
    const { active } = plan.service.kubernetes.replicas;
    const { deployment } = plan.service.kubernetes;
    const refused = await clusters.rehearseScale(to, active).then(() => undefined, asDrError);
    if (refused?.kind === 'transient') throw refused;
    if (refused)
      return notReady([`no room for ${active} ${deployment}: ${refused.message}`], `/dr failover ${to} --dry-run`);
    return ready([`room for ${active} ${deployment}`]);
  },
};
