import { openControlStore } from '#adapters/control-store';
import { inspectChaining, inspectMembers, inspectPrivileges, neededPrivileges } from '#adapters/inspect';
import { openReplicaSet } from '#adapters/mongodb';
import type { Config } from '#config';
import { formatDuration, systemClock, systemRandom } from '#core';
import type { Plan } from '#plan';
import { lacksSaid, UNPLANNED_NEEDS } from '#ports';
import type { Closers } from '../../main/closers.ts';
import { type Check, wrong } from './check.ts';

/** A clock further off shows wrong times to people; deadlines use the store's and stay right. */
const CLOCK_LIMIT_MS = 2_000;

/** The protected replica set and Holdfast's own. Without a plan the rights are not compared: it names the databases. */
export function databaseChecks(config: Config, plan: Plan | undefined, closers: Closers): Check[] {
  return [...controlChecks(config, closers), ...protectedChecks(config, plan)];
}

function controlChecks({ controlMongodbUri }: Config, closers: Closers): Check[] {
  if (!controlMongodbUri) return [];
  const uri = controlMongodbUri.reveal();
  const { store, leases } = closers.keep(openControlStore({ uri, deadlineMs: 4_000 }));
  return [
    {
      name: 'control store members',
      fix: 'Start the members that do not answer; a majority is needed.',
      look: () => members(uri),
    },
    {
      name: 'control store writes',
      fix: 'A majority of its members must answer, and the user must own the database (docs/operations.md).',
      look: async () => {
        const beganMs = systemClock.monotonicMs();
        const lease = await leases.acquire('doctor', `doctor-${systemRandom(4).toString('hex')}`, 1_000);
        if (lease) await leases.release(lease);
        return `a majority took a write in ${formatDuration(systemClock.monotonicMs() - beganMs)}`;
      },
    },
    {
      name: 'clock',
      fix: 'Set this machine right: run an NTP service.',
      look: async () => {
        const beganMs = systemClock.monotonicMs();
        const theirs = await store.now();
        // Half of the way there and back, as NTP has it.
        const ours = systemClock.now().getTime() - (systemClock.monotonicMs() - beganMs) / 2;
        const offMs = Math.abs(ours - theirs.getTime());
        if (offMs > CLOCK_LIMIT_MS)
          throw wrong(`This machine's clock is ${formatDuration(offMs)} off the control store's.`);
        return `${formatDuration(offMs)} off the control store's`;
      },
    },
  ];
}

function protectedChecks({ mongodbUri, controlMongodbUri }: Config, plan: Plan | undefined): Check[] {
  if (!mongodbUri) return [];
  const uri = mongodbUri.reveal();
  return [
    {
      name: 'protected database',
      fix: 'Start the members that do not answer; check MONGODB_URI and its user.',
      look: async () => {
        if (controlMongodbUri?.reveal() === uri)
          throw wrong(
            'CONTROL_MONGODB_URI is the replica set that is protected: a disaster would take both.',
            'Give Holdfast a replica set of its own.',
          );
        return members(uri);
      },
    },
    {
      name: 'what its servers can do',
      fix: 'A move that needs it is refused until then: docs/operations.md, "Servers".',
      look: () => abilities(uri),
    },
    {
      name: 'what its secondaries copy from',
      fix: 'cfg = rs.conf(); cfg.settings.chainingAllowed = false; rs.reconfig(cfg)',
      // seen: majority writes stood still for as long as the member that was copied from, and a failover ran out of its pause
      look: async () => {
        if (!(await inspectChaining(uri))) return 'the primary alone';
        throw wrong('A secondary may copy from another: one that freezes then holds majority writes up in both.');
      },
    },
    ...(plan
      ? [
          {
            name: 'rights in it',
            fix: 'Give the roles of docs/operations.md to the user.',
            look: () => rights(uri, plan),
          },
        ]
      : []),
  ];
}

async function members(uri: string): Promise<string> {
  const found = await inspectMembers(uri);
  const sick = found.filter(({ state }) => !['PRIMARY', 'SECONDARY', 'ARBITER'].includes(state));
  const primary = found.find(({ state }) => state === 'PRIMARY');
  if (sick.length > 0)
    throw wrong(
      `${sick.map(({ host, state }) => `${host} is ${state}`).join(', ')}; ${found.length - sick.length} of ${found.length} are well.`,
    );
  if (!primary) throw wrong('There is no primary.');
  return `${found.length} members, primary ${primary.host}`;
}

async function abilities(uri: string): Promise<string> {
  const set = openReplicaSet({ uri });
  try {
    const found = await set.abilities(await set.primary());
    const lacks = lacksSaid(found, UNPLANNED_NEEDS);
    if (lacks.length > 0) throw wrong(`${lacks.join('; ')}.`);
    return `${found.product}: all that moves need`;
  } finally {
    await set.close();
  }
}

async function rights(uri: string, plan: Plan): Promise<string> {
  const { databases, continuous } = plan.mongodb;
  const missing = await inspectPrivileges(uri, neededPrivileges(databases, continuous.canary.database));
  if (missing.length === 0) return 'all that are needed';
  const [first] = missing;
  throw wrong(
    `Missing: ${missing.length > 6 ? `${missing.slice(0, 6).join(', ')} and ${missing.length - 6} more` : missing.join(', ')}.`,
    `db.grantPrivilegesToRole(...) for ${first} and the others: docs/operations.md`,
  );
}
