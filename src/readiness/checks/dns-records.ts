import { notReady, type ReadinessCheck, ready } from '../readiness-check.ts';

/** Both regions have a weighted record: Holdfast changes weights, and makes none. */
export const dnsRecords: ReadinessCheck = {
  name: 'DNS records',
  look: async ({ dns }, { from, to }) => {
    const known = (await dns.weights()).map(({ region }) => region);
    const missing = [from, to].filter((region) => !known.includes(region));
    return missing.length === 0
      ? ready([`weighted records of ${from} and ${to}`])
      : notReady([`no weighted record of ${missing.join(' and ')}`], 'dr doctor');
  },
};
