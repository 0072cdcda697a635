import { fetch } from 'undici';
import { z } from 'zod';
import type { Eld } from '#sandbox/eld';
import { until } from '#sandbox/servers';

const Stats = z.object({ perSecond: z.number() });

/**
 * Waits until drivers' writes are acknowledged: with leases that begins when a detector has opened the first one. That nobody
 * could save before is no pause of the company's.
 */
export async function driversSave({ drivers }: Eld): Promise<void> {
  const saves = async () => Stats.parse(await (await fetch(drivers.statsUrl)).json()).perSecond > 0;
  await until('drivers can save', saves, { withinMs: 60_000, everyMs: 200 });
  await fetch(`${drivers.url}/stats/reset`, { method: 'POST' });
}
