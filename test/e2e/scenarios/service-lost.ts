import type { RequestId } from '#core';
import type { Incident } from '#incidents';
import { EAST, WEST } from '#sandbox/company';
import { until } from '#sandbox/servers';
import { type CompanyBench, PEOPLE } from '../company-bench.ts';
import { resolvesItself } from './resolves-itself.ts';

/** The people's own ids at PagerDuty. */
const PAGER = { john: 'PJSMITH1', jane: 'PJANEDOE', alex: 'PALXCHEN' } as const;

/** What came of the loss: the incident, and the failover that was proposed for it, approved by nobody yet. */
export interface ServiceLost {
  readonly incident: Incident;
  readonly request: RequestId;
  readonly to: string;
}

/**
 * Every instance of the service in us-east-1 dies, and none can start; the database stays. People are called, nobody
 * answers, their backups are called; then one acknowledges in PagerDuty and two in Slack. Meanwhile a failover is proposed.
 * @throws Error at the first thing that does not happen in time
 */
export async function loseService(bench: CompanyBench, note: (what: string) => void): Promise<ServiceLost> {
  const { eld, reach, slack } = bench.company;
  const { pagerDuty } = reach;
  const startedAt = Date.now();
  const seconds = (): string => `${((Date.now() - startedAt) / 1000).toFixed(0)} s`;
  // for the incident itself (INC-7/sev-1): who may approve is called for that too, under a key of its own (INC-7/start/R-3)
  const rings = (user: string) => {
    const own = pagerDuty.incidents.filter(({ key }) => key.includes('/sev-')).map(({ id }) => id);
    return pagerDuty.notifications.filter(
      (ring) => ring.user === user && ring.at >= startedAt && own.includes(ring.incident),
    );
  };
  const rang = (user: string): boolean => rings(user).length > 0;
  eld.kubernetes.cluster(EAST).loseImage();
  const incident = await until(
    'an incident is open for it',
    async () =>
      (await bench.incidents()).find(
        ({ severity, causes }) => severity === 'sev-1' && causes.some(({ key }) => key.startsWith('application_')),
      ),
    { withinMs: 60_000 },
  );
  await until('commander and database admin are called', async () => rang(PAGER.john) && rang(PAGER.alex), {
    withinMs: 30_000,
  });
  note(`${incident.id}: John Smith and Alex Chen called after ${seconds()}`);
  await until('nobody answers: the next one is called', async () => rang(PAGER.jane), { withinMs: 60_000 });
  note(`${incident.id}: Jane Doe called after ${seconds()}`);
  const ring = rings(PAGER.jane).at(-1);
  pagerDuty.as(PAGER.jane).acknowledge(ring?.incident ?? '');
  const root = slack
    .messages()
    .find(({ ts, text, thread_ts: thread }) => ts === (thread ?? ts) && text.includes(incident.id));
  for (const person of [PEOPLE.alex, PEOPLE.mike]) {
    const pressed = await slack.asUser(person).click(root?.ts ?? '', 'inc-ack');
    if (!pressed.ok) throw new Error(`${person} could not press: ${pressed.said}`);
  }
  const request = await until('a failover is proposed', async () => (await bench.incident(incident.id))?.proposals[0], {
    withinMs: 60_000,
  });
  await until(
    'every role that was called has it',
    async () => {
      const { legs = [] } = (await bench.incident(incident.id)) ?? {};
      return legs.every(({ hold }) => hold !== undefined);
    },
    { withinMs: 60_000 },
  );
  note(`${incident.id}: ${request} proposed, and everybody called has it, after ${seconds()}`);
  return { incident, request, to: WEST };
}

/** After the move the incident ends by itself; then the service can start in us-east-1 again. Returns what did not hold. */
export async function endsWithMove(bench: CompanyBench, { incident }: ServiceLost): Promise<string[]> {
  const faults = await resolvesItself(bench, incident);
  bench.company.eld.kubernetes.cluster(EAST).findImage();
  return faults;
}
