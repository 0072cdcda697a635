import type { IncidentId, PersonId, RequestId } from '#core';
import { whenSent } from '#record';
import type { Outcome } from './asked.ts';
import { withPages } from './calling.ts';
import { changeIncident } from './change-incident.ts';
import type { ComingStart } from './incident.ts';
import { pagesOf } from './incident-records.ts';
import type { Page } from './page.ts';
import { voidPage } from './page-changes.ts';
import type { IncidentsWorld } from './world.ts';

export interface StartCall extends ComingStart {
  readonly incident: IncidentId;
  readonly people: readonly PersonId[];
  /** Makes it once. */
  readonly intake: string;
}

/** Of the pager. Nothing that is pressed there under this key stops the calling for the incident. */
const keyOf = (incident: IncidentId, request: RequestId): string => `${incident}/start/${request}`;

/**
 * Has everybody of `people` called and told when a run starts by itself, also whoever has the incident already. Idempotent by
 * the intake. Nothing where the incident is over: then nothing is to start for it either.
 */
export function callForStart(world: IncidentsWorld, call: StartCall): Promise<Outcome> {
  const { incident: id, request, what, at, people, intake } = call;
  const key = keyOf(id, request);
  return changeIncident(
    world,
    id,
    (incident, view) => {
      if (incident.state !== 'open') return undefined;
      const rounds = incident.rounds + 1;
      const { severity } = incident;
      // the last key is the one that calls for the incident
      const before = incident.pagerKeys.filter((each) => each.key !== key);
      const own = { key, severity, wanted: 'triggered' } as const;
      const pagerKeys = [...before.slice(0, -1), own, ...before.slice(-1)];
      return withPages({ ...incident, rounds, pagerKeys }, people, {
        round: rounds,
        step: 1,
        why: 'start',
        starts: { request, what, at },
        pagerKey: key,
        dueAt: view.now,
        decidedAt: view.now,
      });
    },
    { intake },
  );
}

/** It is held, or has started: nobody needs to hear of it any more, and the pager closes it. Idempotent. */
export async function endStartCall(
  world: IncidentsWorld,
  { incident: id, request }: { readonly incident: IncidentId; readonly request: RequestId },
): Promise<void> {
  const key = keyOf(id, request);
  for (const page of await startPages(world, id, request)) if (page.state === 'due') await voidPage(world, page.id);
  await changeIncident(world, id, (incident) =>
    incident.pagerKeys.some((each) => each.key === key && each.wanted !== 'resolved')
      ? {
          ...incident,
          pagerKeys: incident.pagerKeys.map((each) => (each.key === key ? { ...each, wanted: 'resolved' } : each)),
        }
      : undefined,
  );
}

const startPages = async ({ store }: IncidentsWorld, incident: IncidentId, request: RequestId): Promise<Page[]> =>
  (await pagesOf(store, incident)).filter(({ starts }) => starts?.request === request);

/**
 * Whom the call for a start has reached by now, and when first: the pager or a gateway took it for them, or the message to
 * them was posted. Who was only queued for is not among them.
 */
export async function reachedForStart(
  world: IncidentsWorld,
  { incident, request, at }: { readonly incident: IncidentId; readonly request: RequestId; readonly at: Date },
): Promise<{ readonly person: PersonId; readonly at: Date }[]> {
  const pages = (await startPages(world, incident, request)).filter(
    ({ starts }) => starts?.at.getTime() === at.getTime(),
  );
  const reached = await Promise.all(
    pages.map(async (page) => ({ person: page.person, at: await firstReach(world, page) })),
  );
  return reached.flatMap(({ person, at: when }) => (when ? [{ person, at: when }] : []));
}

async function firstReach({ store }: IncidentsWorld, { id, ways }: Page): Promise<Date | undefined> {
  const accepted = ways.flatMap(({ way, acceptedAt }) => (way !== 'direct' && acceptedAt ? [acceptedAt] : []));
  const sent = await whenSent(store, id);
  return [...accepted, ...(sent ? [sent] : [])].sort((a, b) => a.getTime() - b.getTime())[0];
}
