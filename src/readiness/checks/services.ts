import { notReady, type ReadinessCheck, ready } from '../readiness-check.ts';

/** What waits there runs, and its configuration can be read. */
export const services: ReadinessCheck = {
  name: 'services',
  look: async ({ clusters, plan }, { to }) => {
    const [{ ready: running, wanted }] = await Promise.all([clusters.replicas(to), clusters.configuration(to)]);
    const words = [`${running} of ${wanted} ${plan.service.kubernetes.deployment} answer`];
    return running >= wanted && running > 0 ? ready(words) : notReady(words, `kubectl --context ${to} get events`);
  },
};
