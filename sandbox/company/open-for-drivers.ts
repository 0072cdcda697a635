import { fetch } from 'undici';
import type { Eld } from '#sandbox/eld';
import { until } from '#sandbox/servers';

/**
 * Lets drivers drive as soon as the service takes writes anywhere: with leases that is when a detector has opened the first
 * one. Before it there is nothing to use, so it is no outage either, and nobody is called for it.
 */
export async function openForDrivers({ drivers, kubernetes }: Eld): Promise<void> {
  const isWell = async (url: string) => (await fetch(`${url}/health`)).ok;
  await until(
    'the service takes writes',
    async () => {
      const well = await Promise.all(
        kubernetes.clusters.map(({ serviceUrl }) => isWell(serviceUrl).catch(() => false)),
      );
      return well.some(Boolean);
    },
    { withinMs: 60_000, everyMs: 200 },
  );
  await drivers.begin();
}
