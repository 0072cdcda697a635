import * as every from '#commands';
import { DrError, IncidentId, Region, type RequestId, Role } from '#core';
import { createIncidentCards, type Finding, type IncidentFlow, incidentDuties, takeFindings } from '#flows';
import { type Incident, openIncidents, readIncident } from '#incidents';
import { plainText } from '#record';
import { wordsOf } from '../../support/words-of.ts';
import { flowBench, type Lasting, lasting } from '../flow-bench.ts';
import type { SmallWorld } from '../small-world.ts';

export const EAST = Region.parse('us-east-1');
export const WEST = Region.parse('us-west-2');

/** The commands of incidents, which act through the flow alone, beside those of the small world. */
const OF_INCIDENTS = every.commands.filter(({ name }) => /^(incident|ack|page)/.test(name));

/** A process with incidents, findings handed in by the test, and duties done when it says so. */
export function incidentBench(on: Lasting = lasting(), store = on.store) {
  const bench = flowBench(on, store);
  const { flow, clock } = bench;
  Object.assign(flow, { commands: [...flow.commands, ...OF_INCIDENTS] });
  let served: readonly Region[] | undefined = [EAST];
  const world: IncidentFlow<SmallWorld> = { flow, servedFrom: async () => served };
  const draw = createIncidentCards(flow);
  const duties = incidentDuties(flow);
  const words = (text: Parameters<typeof plainText>[0]): string =>
    plainText(text, (person) => flow.roster.name(person), clock.now());
  return {
    ...bench,
    on,
    world,
    serve: (regions: readonly Region[] | undefined) => {
      served = regions;
    },
    /** From now on the store of incidents does not answer. */
    breakStore: () => {
      const gone = async () => {
        throw new DrError('STORE_UNAVAILABLE', 'transient', 'No answer.');
      };
      Object.assign(flow.incidents, { store: { ...store, now: gone, records: () => ({ find: gone, get: gone }) } });
    },
    /** A round of the detector. */
    round: (...findings: readonly Finding[]) => takeFindings(findings, world),
    finding: (change: Partial<Finding> = {}): Finding => ({
      key: 'database_connectivity/us-east-1',
      region: EAST,
      state: 'failing',
      since: clock.now(),
      severity: 'sev-1',
      role: Role.parse('database-admin'),
      critical: true,
      breach: false,
      title: 'us-east-1 database has no primary',
      cause: ['2 of 2 members do not answer.'],
      effect: ['Drivers cannot save logs.'],
      next: '/dr status',
      hostile: false,
      ...change,
    }),
    /** What one of the duties' rounds does, all of them once. */
    duties: async () => {
      for (const { work } of duties) await work();
    },
    open: () => openIncidents(store),
    async only(): Promise<Incident> {
      const [incident, ...others] = await openIncidents(store);
      if (!incident || others.length > 0) throw new Error(`${others.length + (incident ? 1 : 0)} incidents are open`);
      return incident;
    },
    incident: async (id: string): Promise<Incident> => {
      const found = await readIncident(store, IncidentId.parse(id));
      if (!found) throw new Error(`no ${id}`);
      return found;
    },
    card: async (id: string) => {
      const card = await draw(IncidentId.parse(id));
      if (!card) throw new Error(`no card of ${id}`);
      return card;
    },
    words: async (id: string): Promise<string> => {
      const card = await draw(IncidentId.parse(id));
      return card ? wordsOf(card, clock.now()) : '';
    },
    /** The lines of an incident's thread. */
    thread: async (id: string): Promise<string[]> =>
      (await flow.timeline.read({ thread: IncidentId.parse(id), inThread: true, limit: 500 })).map(({ text }) =>
        words(text),
      ),
    press: (user: string, button: string, value: string, key = `press:${Math.random()}`) =>
      bench.deliver({
        ...{ team: 'T0ELDCORP', user, channel: 'C1', kind: 'click', ts: 'INC', private: false },
        ...{ key, button, value },
      }),
    fill: (user: string, form: string, context: string, answers: Record<string, string>) =>
      bench.deliver({ team: 'T0ELDCORP', user, kind: 'form', key: `fill:${Math.random()}`, form, context, answers }),
    mention: (user: string, text: string, thread: string) =>
      bench.deliver({
        ...{ team: 'T0ELDCORP', user, channel: 'C1', kind: 'mention', ts: 'M', thread },
        ...{ key: `mention:${Math.random()}`, text },
      }),
    requests: async (): Promise<RequestId[]> => (await flow.requests.find({ limit: 50 })).map(({ value }) => value.id),
  };
}

export const MINUTE = 60_000;
