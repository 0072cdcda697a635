import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetch, type RequestInit } from 'undici';
import { openControlStore } from '#adapters/control-store';
import { type IncidentId, RequestId, systemClock, systemRandom } from '#core';
import { openRequests, type RequestRecord } from '#flows';
import { type Incident, openIncidents, readIncident } from '#incidents';
import { createTimeline, type TimelineEntry, type Verdict, verifyTimeline } from '#record';
import { type Company, type CompanyOptions, startCompany } from '#sandbox/company';
import { until } from '#sandbox/servers';
import type { Message } from '#sandbox/slack';
import { openJournal, type RunRecord } from '#workflow';
import { type PrimaryWatch, watchPrimaries } from './watch-primaries.ts';

export const PEOPLE = {
  john: 'U0JOHNSMITH',
  alex: 'U0ALEXCHEN',
  mike: 'U0MIKEJOHNSON',
} as const;

/** Events of a run that have one entry each in the record, whatever was killed meanwhile. */
const ENDED = ['done', 'stopped', 'failed', 'refused'];

const MOST_PRESSES = 3;
const isLost = (outcome: { readonly ok: boolean; readonly said?: string }): boolean =>
  !outcome.ok && (outcome.said ?? '').includes('operation_timeout');

export interface Audit {
  readonly checked: number;
  readonly missing: number;
  readonly changed: number;
}

/** The whole company, with what a test looks at: not through Holdfast, but in the servers themselves. */
export interface CompanyBench {
  readonly company: Company;
  readonly watch: PrimaryWatch;
  /** Types a line as somebody; resolves with the number it was given and how long the acknowledgement took. */
  ask(person: string, line: string): Promise<{ readonly request: RequestId; readonly ackMs: number }>;
  /** The request's present card in the channel. */
  card(request: RequestId): Promise<Message>;
  /** These press the button; both who approve moves when left out. */
  approve(request: RequestId, people?: readonly string[]): Promise<void>;
  request(id: RequestId): Promise<RequestRecord | undefined>;
  run(id: RequestId): Promise<RunRecord | undefined>;
  /** What was asked for by itself after that run; undefined as long as nothing was. */
  followUp(run: RequestId): Promise<RequestRecord | undefined>;
  /** Resolves when the run is over, or waits for a person. */
  ended(id: RequestId, withinMs?: number): Promise<RunRecord>;
  /** Incidents that are open now. */
  incidents(): Promise<readonly Incident[]>;
  incident(id: IncidentId): Promise<Incident | undefined>;
  entries(id: RequestId): Promise<readonly TimelineEntry[]>;
  verify(): Promise<Verdict>;
  /** Reads back every acknowledged write from MongoDB. */
  audit(): Promise<Audit>;
  /** Measures the longest pause of all writers anew. */
  resetPause(): Promise<void>;
  stats(): Promise<{ longestPauseMs: number; perSecond: number; byRegion: { region: string; acknowledged: number }[] }>;
  /** Types it and waits until it is done. @throws Error when it is not */
  backUp(line: '/dr backup mongodb' | '/dr backup mongodb --changes'): Promise<void>;
  stop(): Promise<void>;
}

export async function startBench(options: Partial<CompanyOptions> = {}): Promise<CompanyBench> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'));
  const company = await startCompany({
    dir,
    perSecond: 12,
    // A bot and a worker of their own beside a process that is both, so that each can be killed alone.
    roles: [
      { role: 'bot', region: 'us-east-1' },
      { role: 'worker', region: 'us-east-1' },
      { role: 'all', region: 'us-west-2' },
      { role: 'detector', region: 'eu-west-1' },
    ],
    // each share waits for resolvers; two show that there are several
    plan: [
      [
        ['failover', 'failback', 'traffic_percent'],
        [25, 100],
      ],
      // moves follow each other closely here
      [['detection', 'on_breach', 'not_within_minutes'], 0],
    ],
    // Slack's own pace is shown where posting is; here incidents, alarms and moves would only wait for one another
    slack: { limits: { postPerSecond: 5, tierPerMinute: { 3: 300 } } },
    onReady: () => undefined,
    ...options,
  });
  const { slack, env, eld } = company;
  const watch = watchPrimaries(company.databases.eld);
  const control = openControlStore({ uri: env['CONTROL_MONGODB_URI'] ?? '' });
  const requests = openRequests(control.store);
  const journal = openJournal(control.store);
  const timeline = createTimeline({ store: control.store, clock: systemClock, random: systemRandom });
  const get = async (path: string, init?: RequestInit): Promise<unknown> => {
    const answer = await fetch(`${eld.drivers.url}${path}`, init);
    return answer.status === 204 ? undefined : answer.json();
  };
  const card = async (request: RequestId): Promise<Message> => {
    const found = await until(
      `the card of ${request}`,
      async () => {
        const stored = (await requests.get(request))?.value;
        if (stored?.state === 'refused') return stored;
        return slack.messages().findLast((message) => isCardOf(message, request));
      },
      { withinMs: 60_000 },
    );
    if ('intake' in found) throw new Error(`${request} was refused: ${found.decisionReason}`);
    return found;
  };
  const bench: CompanyBench = {
    company,
    watch,
    ask: async (person, line) => {
      // By their time: Slack forgets the oldest, so counting them would miss new ones.
      const seen = slack.ephemerals(person).at(-1)?.ts ?? '';
      const startedAt = performance.now();
      const outcome = await slack.asUser(person).slash(line);
      const ackMs = performance.now() - startedAt;
      if (!outcome.ok) throw new Error(`${line}: ${outcome.said}`);
      const said = slack.ephemerals(person).flatMap(({ ts, text }) => (ts > seen ? [text] : []));
      const number = said.join(' ').match(/R-\d+(?= received)/)?.[0];
      if (number === undefined) throw new Error(`${line} was given no number: ${said.join(' / ')}`);
      return { request: RequestId.parse(number), ackMs };
    },
    card,
    approve: async (request, people = [PEOPLE.john, PEOPLE.alex]) => {
      const { ts } = await card(request);
      for (const person of people) {
        const press = () => slack.asUser(person).click(ts, 'approve');
        let outcome = await press();
        // a process that was killed with the press in its hands: Slack says that it was not taken, and a person presses again
        for (let times = 1; isLost(outcome) && times < MOST_PRESSES; times += 1) outcome = await press();
        if (!outcome.ok) throw new Error(`${person} could not press: ${outcome.said}`);
      }
    },
    request: async (id) => (await requests.get(id))?.value,
    run: async (id) => (await journal.get(id))?.value,
    followUp: async (run) => (await requests.find({ where: { intake: `follow-up:${run}` }, limit: 1 }))[0]?.value,
    ended: (id, withinMs = 120_000) =>
      until(
        `${id} ends`,
        async () => {
          const run = (await journal.get(id))?.value;
          return run && !run.due && ENDED.includes(run.state) ? run : undefined;
        },
        { withinMs, everyMs: 200 },
      ),
    incidents: () => openIncidents(control.store),
    incident: (id) => readIncident(control.store, id),
    entries: (id) => timeline.read({ thread: id, limit: 500 }),
    verify: () => verifyTimeline(control.store),
    audit: async () => (await get('/audit')) as Audit,
    resetPause: async () => void (await get('/stats/reset', { method: 'POST' })),
    stats: async () => (await get('/stats')) as Awaited<ReturnType<CompanyBench['stats']>>,
    backUp: async (line) => {
      const backup = await bench.ended((await bench.ask(PEOPLE.alex, line)).request);
      if (backup.state !== 'done') throw new Error(`${line} is ${backup.state}: ${backup.failure?.message}`);
    },
    stop: async () => {
      await watch.stop();
      await control.close();
      await company.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return bench;
}

/** By its button: texts name other requests too. */
const isCardOf = (message: Message, request: RequestId): boolean =>
  message.thread_ts === undefined && JSON.stringify(message.blocks ?? []).includes(`"value":"${request} `);

/** Which steps the record says were done, in order; each must be there once. */
export const stepsTold = (entries: readonly TimelineEntry[]): string[] =>
  entries.flatMap(({ kind, data }) => (kind === 'step' ? [String(data['step'])] : []));
