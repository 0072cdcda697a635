import { type Clock, DrError, type Region, say, type Text } from '#core';
import type { MemberHosts } from '#ports';
import type { RebuildWorld } from './world.ts';

interface Hands {
  readonly world: Pick<RebuildWorld, 'replicaSet' | 'aloneAt' | 'settings'>;
  readonly region: Region;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  report(progress: { readonly text: Text }): void;
}

/** Beside the member's own port, so that nobody takes it for the member. */
export function aloneAddress(host: string): string {
  const at = host.lastIndexOf(':');
  return `${host.slice(0, at)}:${Number(host.slice(at + 1)) + 100}`;
}

/**
 * The members' machines by the hands of a person: says what is to be done there, command by command, and goes on when the
 * set shows that it was done. Asked again it looks first, so nothing is asked for twice.
 */
export function byHand({ world, region, clock, signal, report }: Hands): MemberHosts {
  let empty = false;
  const answers = async (host: string): Promise<boolean> =>
    (await world.replicaSet.look()).members.some((member) => member.host === host && member.state !== 'unreachable');
  const until = async <T>(text: Text, look: () => Promise<T | undefined>): Promise<T> => {
    for (;;) {
      signal.throwIfAborted();
      const seen = await look();
      if (seen !== undefined) return seen;
      report({ text });
      await clock.sleep(world.settings.lookEveryMs, signal);
    }
  };
  const stopAlone = (host: string): Promise<true> =>
    until(
      say`On ${host}: end the mongod that runs alone (Ctrl-C in its terminal). Goes on when it is silent.`,
      async () => ((await world.aloneAt(aloneAddress(host))) === undefined ? true : undefined),
    );
  return {
    look: async (host) => {
      if (await answers(host)) return { host, region, state: 'running', crashes: 0 };
      const alone = await world.aloneAt(aloneAddress(host));
      return { host, region, state: alone === undefined ? 'held' : 'alone', crashes: 0 };
    },
    hold: async (host) => {
      await stopAlone(host);
      const text = say`On ${host}: sudo systemctl disable --now mongod. Goes on when it no longer answers.`;
      await until(text, async () => ((await answers(host)) ? undefined : true));
    },
    startAlone: async (host) => {
      const port = aloneAddress(host).split(':').at(-1) ?? '';
      const text = say`On ${host}: sudo -u mongodb mongod --dbpath <its dbPath> --keyFile <its keyFile> --bind_ip_all --port ${port} --setParameter recoverFromOplogAsStandalone=true --setParameter ttlMonitorEnabled=false. Goes on when it answers.`;
      return { uri: await until(text, () => world.aloneAt(aloneAddress(host))) };
    },
    start: async (host) => {
      await stopAlone(host);
      const first = empty ? 'sudo find <its dbPath> -mindepth 1 -delete; ' : '';
      const text = say`On ${host}: ${first}sudo systemctl enable --now mongod. Goes on when it answers.`;
      await until(text, async () => ((await answers(host)) ? true : undefined));
      empty = false;
    },
    // a rebuild makes followers, and no set
    found: async (host) => {
      throw noAgent(host);
    },
    wipe: async () => {
      empty = true;
    },
    rollbackFiles: async (host) => {
      throw noAgent(host);
    },
    // biome-ignore lint/correctness/useYield: without an agent there is nothing to give
    readRollbackFile: async function* (host) {
      throw noAgent(host);
    },
  };
}

const noAgent = (host: string): DrError =>
  new DrError('HOST_REFUSED', 'permanent', `${host} has no agent: its rollback files can't be read from here.`, {
    hint: `On ${host}: sudo tar -C <its dbPath> -czf rollback.tgz rollback`,
  });
