import type { Incident } from '#incidents';
import { until } from '#sandbox/servers';
import type { CompanyBench } from '../company-bench.ts';

/** After a move the service is well where people are: the incident ends by itself, here and at PagerDuty. Returns what did not hold. */
export async function resolvesItself(bench: CompanyBench, { id }: Pick<Incident, 'id'>): Promise<string[]> {
  const { pagerDuty } = bench.company.reach;
  const ended = await until(
    `${id} resolves itself`,
    async () => {
      const now = await bench.incident(id);
      return now?.state === 'resolved' ? now : undefined;
    },
    { withinMs: 90_000 },
  ).catch(() => undefined);
  const isOpen = (): boolean =>
    pagerDuty.incidents.some(({ key, status }) => key.startsWith(`${id}/`) && status !== 'resolved');
  const closed = await until('PagerDuty knows', async () => !isOpen(), { withinMs: 60_000 }).catch(() => false);
  return [...(ended ? [] : [`${id} is still open`]), ...(closed ? [] : [`${id} is still open at PagerDuty`])];
}
