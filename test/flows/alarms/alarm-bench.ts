import {
  createSettableClock,
  memoryControlStore,
  memoryKeyService,
  memoryLeases,
  memoryObjectStore,
} from '#adapters/memory';
import { type Alarm, keepRule, openAlarms } from '#alarms';
import { Region, RequestId, systemRandom } from '#core';
import { type AlarmWorld, alarmRules } from '#flows';
import { type Plan, parsePlan } from '#plan';
import type { OplogRoomOf } from '#ports';
import { openSchedules } from '#queue';
import type { Readiness } from '#readiness';
import { openVault } from '#vault';
import { openJournal, type RunRecord } from '#workflow';
import { eldText } from '../../plan/eld-plan.ts';

const { plan } = parsePlan(eldText, 'plan.yaml');

/** What the rules look at, with a clock that is moved by hand. */
export function alarmBench(startAt: string, change: (plan: Plan) => Plan = (same) => same) {
  const clock = createSettableClock(new Date(startAt));
  const store = memoryControlStore(clock);
  const leases = memoryLeases(clock);
  const regions = ['us-east-1', 'us-west-2', 'eu-west-1'].map((name) => Region.parse(name));
  const stores = regions.map((region) => memoryObjectStore(region, clock));
  const vault = openVault({
    stores,
    keys: regions.map((region) => memoryKeyService(region)),
    clock,
    random: systemRandom,
  });
  const journal = openJournal(store);
  const schedules = openSchedules(store);
  let rooms: readonly OplogRoomOf[] = [];
  let readiness: readonly Readiness[] = [];
  const changed = change(plan);
  const world: AlarmWorld = {
    plan: changed,
    store,
    leases,
    vault,
    journal,
    oplogRoom: { look: async () => rooms },
    readiness: async () => readiness,
  };
  let runs = 0;
  return {
    clock,
    store,
    stores,
    leases,
    vault,
    journal,
    plan: changed,
    setRooms: (next: readonly OplogRoomOf[]) => {
      rooms = next;
    },
    setReadiness: (next: readonly Readiness[]) => {
      readiness = next;
    },
    /** Looks once with one rule; the alarms that are open then, by key. */
    async look(name: string): Promise<Alarm[]> {
      const rule = alarmRules(world).find((each) => each.name === name);
      if (!rule) throw new Error(`no rule ${name}`);
      await keepRule(store, rule);
      return openAlarms(store);
    },
    /** As the scheduler leaves it when it has served `lastDueAt`, or only seen `nextDueAt` coming. */
    async schedule(name: string, times: { nextDueAt: Date; lastDueAt?: Date }): Promise<void> {
      const seen = await schedules.get(name);
      const state = { id: name, cron: '', timeZone: plan.timeZone, missed: [], ...times };
      if (seen) await schedules.replace(seen, state);
      else await schedules.insert(state);
    },
    /** A run that ended just now. */
    async ended(workflow: string, state: RunRecord['state'], message = 'The bucket refused.'): Promise<RequestId> {
      runs += 1;
      const id = RequestId.parse(`R-${runs}`);
      const now = clock.now();
      const failure =
        state === 'failed' ? { code: 'OBJECT_STORE_REFUSED', kind: 'permanent', message, data: {} } : undefined;
      await journal.insert({
        ...{ id, workflow, input: {}, state, due: false, steps: [], fence: 1, putBack: false },
        ...{ createdAt: now, startedAt: now, endedAt: now },
        ...(failure ? { failure: failure as RunRecord['failure'] } : {}),
      });
      return id;
    },
  };
}
