import { asDrError, type Clock, DrError, systemClock } from '#core';
import type { ReplicaSet } from '#ports';
import { askAbilities } from './abilities.ts';
import { isNotPrimary } from './replica-set-errors.ts';
import { forceRoles } from './replica-set-force.ts';
import { appliedOn, look, readConfig, sayHello } from './replica-set-look.ts';
import { type Members, openMembers } from './replica-set-members.ts';
import { setRoles } from './replica-set-roles.ts';
import { endTransactions } from './replica-set-transactions.ts';

export interface ReplicaSetOptions {
  /** The operator's address, members written out. Which rights it needs: docs/operations. */
  readonly uri: string;
  readonly clock?: Clock;
}

/** Opens the protected replica set for an operator. Does not wait for servers; `close` ends within seconds. */
export function openReplicaSet(options: ReplicaSetOptions): ReplicaSet & { close(): Promise<void> } {
  const clock = options.clock ?? systemClock;
  const members = openMembers(options.uri, 'holdfast-operator');
  let hosts = members.seeds;
  let primary: string | undefined;
  const find = async (): Promise<string> => {
    primary ??= await findPrimary(members, hosts);
    return primary;
  };
  /** Asks the primary; when it turns out to be another by now, asks that one, once. */
  const onPrimary = async <T>(call: (host: string) => Promise<T>): Promise<T> => {
    try {
      return await call(await find());
    } catch (thrown) {
      const error = asDrError(thrown);
      if (error.code !== 'DATABASE_UNAVAILABLE') throw error;
      primary = undefined;
      if (!isNotPrimary(error)) throw error;
      return call(await find());
    }
  };
  const setBlock = (global: boolean, order: string, withinMs: number): Promise<void> =>
    onPrimary(async (host) => {
      await members.ask(host, { setUserWriteBlockMode: 1, global }, order, withinMs);
    });
  return {
    look: async () => {
      const view = await look(members, hosts);
      hosts = view.members.map(({ host }) => host);
      return view;
    },
    abilities: (host) => askAbilities(members, host),
    primary: async () => {
      primary = undefined;
      return find();
    },
    appliedOn: (host) => appliedOn(members, host),
    setRoles: (roles, withinMs, catchUpMs) => {
      const freshly = async (): Promise<string> => {
        primary = undefined;
        return find();
      };
      return setRoles(members, freshly, roles, { withinMs, catchUpMs }, clock);
    },
    forceRoles: async (via, roles, withinMs) => {
      await forceRoles(members, via, roles, withinMs, clock);
      // Whoever was the primary before may not be any more.
      primary = undefined;
    },
    endTransactions: (olderThanMs) => onPrimary((host) => endTransactions(members, host, olderThanMs)),
    blockWrites: (withinMs) => setBlock(true, 'block writes', withinMs),
    unblockWrites: () => setBlock(false, 'take writes again', 3_000),
    stepUp: async (host, withinMs) => {
      const { members: configured } = await readConfig(members, [host]);
      if (!configured.some((member) => member.host === host)) {
        throw new DrError('DATABASE_REFUSED', 'permanent', `${host} is not in the replica set.`);
      }
      await stepUp(members, host, withinMs, clock);
      primary = host;
    },
    close: () => members.close(),
  };
}

/** A second claim can only come from a member that has not noticed yet: within a heartbeat, or it is frozen. */
const SECOND_CLAIM_WITHIN_MS = 150;

async function findPrimary(members: Members, hosts: readonly string[]): Promise<string> {
  const claims: { readonly host: string; readonly election: string }[] = [];
  const asked = hosts.map(async (host) => {
    const hello = await sayHello(members, host);
    if (!hello.isWritablePrimary) throw new DrError('DATABASE_UNAVAILABLE', 'transient', `${host} is not the primary.`);
    claims.push({ host, election: hello.electionId?.toHexString() ?? '' });
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.any(asked);
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, SECOND_CLAIM_WITHIN_MS);
    });
    await Promise.race([Promise.allSettled(asked), patience]);
  } catch (cause) {
    throw new DrError('DATABASE_UNAVAILABLE', 'transient', 'The replica set has no primary at this moment.', { cause });
  } finally {
    clearTimeout(timer);
  }
  const newest = claims.sort((a, b) => (a.election < b.election ? 1 : -1))[0];
  if (newest) return newest.host;
  throw new DrError('UNEXPECTED', 'bug', 'A claim to be primary got lost.');
}

/**
 * Under load an election may fail and succeed a moment later; a member that was stepped down refuses elections for
 * its whole period unless it is unfrozen first.
 */
async function stepUp(members: Members, host: string, withinMs: number, clock: Clock): Promise<void> {
  const endsAt = clock.monotonicMs() + withinMs;
  const leftMs = (): number => Math.max(1, Math.ceil(endsAt - clock.monotonicMs()));
  let asked = false;
  let lastError: DrError | undefined;
  while (clock.monotonicMs() < endsAt) {
    try {
      if ((await sayHello(members, host)).isWritablePrimary) return;
      if (!asked) {
        await members.ask(host, { replSetFreeze: 0 }, 'stand for election', Math.min(leftMs(), 500)).catch(() => {});
        await members.ask(host, { replSetStepUp: 1 }, 'become primary', leftMs());
        asked = true;
      }
    } catch (thrown) {
      lastError = asDrError(thrown);
      if (lastError.kind !== 'transient') throw lastError;
      asked = false;
    }
    // Elected is not yet writable: it first applies what it has. That takes milliseconds, and all of them are pause.
    await clock.sleep(asked ? 5 : 40);
  }
  throw new DrError('DATABASE_UNAVAILABLE', 'transient', `${host} was not elected within ${withinMs} ms.`, {
    cause: lastError,
    data: { host },
  });
}
