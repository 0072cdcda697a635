import { setTimeout as sleep } from 'node:timers/promises';
import { openControlStore } from '#adapters/control-store';
import { openIncidents, pagesOf } from '#incidents';
import type { Incoming } from '#ports';
import { startReplicaSet } from '#sandbox/servers';
import { lasting, USERS } from '../flows/flow-bench.ts';
import { incidentBench } from '../flows/incidents/incident-bench.ts';
import { pagerDouble } from '../incidents/pager-double.ts';
import type { SoakGround } from './ground.ts';

const SIGNALS = 10_000;
const SECONDS = 60;
/** Of the paging rules: more than that at once, or in a minute, waits. */
const MOST_A_MINUTE = 60;
const ACK_WITHIN_MS = 300;
const PRESS_EVERY_MS = 100;

/**
 * A dead region that says so ten thousand times within a minute, on a control store of three real members, while people press
 * buttons: one incident, nobody called more than the ladder says, and whatever is pressed is kept, and so acknowledged, at
 * once. All of it in one process, which is harder than in production.
 */
export async function signalsGround(): Promise<SoakGround> {
  const set = await startReplicaSet({
    name: 'signals',
    members: ['us-east-1', 'us-west-2', 'eu-west-1'].map((region, index) => ({
      name: `c-${index + 1}`,
      region,
      priority: 1,
    })),
  });
  let rounds = 0;
  return {
    async round(_, note) {
      rounds += 1;
      const control = openControlStore({ uri: set.uri('root'), database: `signals-${rounds}` });
      try {
        return await oneMinute(control.store, note);
      } finally {
        await control.close();
      }
    },
    stop: () => set.stop(),
  };
}

async function oneMinute(
  store: ReturnType<typeof openControlStore>['store'],
  note: (what: string) => void,
): Promise<string[]> {
  const bench = incidentBench({ ...lasting(), store }, store);
  const { flow, finding, round, duties, intake, clock } = bench;
  const pager = pagerDouble(clock.now);
  Object.assign(flow.incidents, { pager: pager.pager });
  const dead = finding({ key: 'region/us-east-1', title: 'us-east-1 is down' });
  await round(dead);
  const end = performance.now() + SECONDS * 1_000;
  const isOn = (): boolean => performance.now() < end;
  let sent = 0;
  const signalling = async (): Promise<void> => {
    for (let second = 0; second < SECONDS; second += 1) {
      const from = performance.now();
      const upTo = Math.round((SIGNALS * (second + 1)) / SECONDS);
      const batch = Array.from({ length: upTo - sent }, (_, index) =>
        finding({ key: `probe-${sent + index}/us-east-1`, title: `probe ${sent + index} does not answer` }),
      );
      await round(...batch, dead);
      sent = upTo;
      await sleep(Math.max(0, 1_000 - (performance.now() - from)));
    }
  };
  const working = async (): Promise<void> => {
    while (isOn()) {
      await duties();
      await sleep(1_000);
    }
  };
  const tookMs: number[] = [];
  const pressing = async (): Promise<void> => {
    const handling: Promise<unknown>[] = [];
    for (let press = 0; isOn(); press += 1) {
      const incoming: Incoming = {
        ...{ team: 'T0ELDCORP', user: USERS.mike, channel: 'C1', kind: 'click', ts: 'INC', private: false },
        ...{ key: `press:${press}`, button: press % 10 === 0 ? 'inc-ack' : 'inc-catch-up', value: 'INC-1' },
      };
      const from = performance.now();
      await intake.store(incoming);
      tookMs.push(performance.now() - from);
      handling.push(intake.handle(incoming, { answerAddress: 'https://answer.example/1', trigger: `t-${press}` }));
      await sleep(PRESS_EVERY_MS);
    }
    await Promise.all(handling);
  };
  await Promise.all([signalling(), working(), pressing()]);
  return judge(bench, { pager, sent, tookMs }, note);
}

async function judge(
  { flow }: ReturnType<typeof incidentBench>,
  { pager, sent, tookMs }: { pager: ReturnType<typeof pagerDouble>; sent: number; tookMs: number[] },
  note: (what: string) => void,
): Promise<string[]> {
  const faults: string[] = [];
  const open = await openIncidents(flow.store);
  const [only] = open;
  const pages = only ? await pagesOf(flow.store, only.id) : [];
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  const calls = pager.triggers.length;
  note(`${sent} signals: ${open.length} incident, ${pages.length} pages, ${calls} calls to the pager`);
  note(`${tookMs.length} presses kept: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
  if (sent !== SIGNALS) faults.push(`only ${sent} signals in a minute`);
  if (open.length !== 1) faults.push(`${open.length} incidents are open`);
  if (only?.causes.length !== 1) faults.push(`${only?.causes.length} causes`);
  if (calls > MOST_A_MINUTE) faults.push(`${calls} calls in a minute`);
  const people = new Set(pages.map(({ person }) => person));
  if (pages.length > people.size) faults.push(`${pages.length} pages for ${people.size} people within a minute`);
  if (at(0.99) > ACK_WITHIN_MS) faults.push(`p99 of acknowledgements ${at(0.99)} ms`);
  return faults;
}
