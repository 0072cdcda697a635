import { notReady, type ReadinessCheck, ready, weak } from '../readiness-check.ts';

/** Users can be turned away from a dead region without Route 53's control API, which may be dead with it. */
export const dnsSwitch: ReadinessCheck = {
  name: 'DNS switch',
  look: async ({ dnsSwitch: lever }, { to }) => {
    if (!lever) return weak(['none: only the control API of DNS can turn users away'], 'dr dns prepare');
    const away = await lever.diverted();
    if (!away.includes(to)) return ready(['readable, and nobody is turned away from there']);
    return notReady([`users are turned away from ${to}`], `/dr failback ${to}`);
  },
};
