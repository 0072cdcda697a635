import type { Response } from 'undici';
import { z } from 'zod';
import { type Clock, DrError, Region } from '#core';
import type { MemberHosts } from '#ports';
import { type AgentAddress, signedRequest, textOf, unavailable } from './signed-request.ts';

export interface MemberAgentsOptions {
  /** Where the agent of each member answers, by the member's host as it stands in the replica set. */
  readonly agents: Readonly<Record<string, string>>;
  readonly secrets: {
    /** Undefined for a process that may only ask: its orders are refused before they are sent. */
    readonly orders: string | undefined;
    /** May be the same. */
    readonly questions: string;
  };
  readonly clock: Clock;
  /** An address to read a server from that runs alone at `host:port`: user and options are the reader's. */
  readonly uriOf: (address: string) => string;
  /** For questions; default 3 s. */
  readonly asksWithinMs?: number;
  /** For orders: a server that ends cleanly writes everything first. Default 60 s. */
  readonly ordersWithinMs?: number;
}

/** What it carries is a question for the health alone: in a form that nobody knows it must not keep a member from being held. */
const Machine = z
  .object({
    cores: z.number().int().positive(),
    busySeconds: z.number().nonnegative(),
    memory: z.object({ bytes: z.number().positive(), availableBytes: z.number().nonnegative() }),
  })
  .optional()
  .catch(undefined);
const Host = z.object({
  host: z.string(),
  region: Region,
  state: z.enum(['running', 'alone', 'held', 'stopped']),
  crashes: z.number().int().nonnegative(),
  machine: Machine,
  empty: z.boolean().optional(),
});
const Alone = z.object({ address: z.string().regex(/^[\w.[\]:-]{1,255}:\d{1,5}$/) });
const FILE_NAME = /^[0-9a-f-]{36}\/[A-Za-z0-9][A-Za-z0-9._-]{0,200}[.]bson$/;
const Files = z.object({
  files: z.array(z.object({ name: z.string().regex(FILE_NAME), bytes: z.number().int().nonnegative() })).max(10_000),
});
/** How long the bytes of a file may stand still. */
const STALLED_MS = 10_000;

/** The members' machines, through agents that speak docs/member-agent.md. */
export function memberAgents(options: MemberAgentsOptions): MemberHosts {
  const { agents, secrets, clock, asksWithinMs = 3_000, ordersWithinMs = 60_000 } = options;
  const addressOf = (host: string, secret: string): AgentAddress => {
    const url = agents[host];
    if (url !== undefined) return { host, url, secret, now: () => clock.now() };
    throw new DrError('HOST_REFUSED', 'permanent', `${host} has no agent.`, {
      hint: `Add it to HOLDFAST_MEMBER_AGENTS: ${host}=https://...`,
    });
  };
  const toOrder = (host: string): AgentAddress => addressOf(host, secrets.orders ?? mayOnlyAsk(host));
  const ask = async <T>(host: string, part: string, shape: z.ZodType<T>): Promise<T> => {
    const to = addressOf(host, secrets.questions);
    return answered(to, await signedRequest(to, 'GET', part, AbortSignal.timeout(asksWithinMs)), shape);
  };
  const order = async <T>(host: string, part: string, shape: z.ZodType<T>): Promise<T> => {
    const to = toOrder(host);
    return answered(to, await signedRequest(to, 'POST', part, AbortSignal.timeout(ordersWithinMs)), shape);
  };
  return {
    look: (host) => ask(host, '', Host),
    hold: async (host) => {
      const { state } = await order(host, '/hold', Host);
      if (state !== 'held') throw unavailable({ host }, `told to hold, it says ${state}`, undefined);
    },
    start: async (host) => {
      await order(host, '/start', Host);
    },
    startAlone: async (host) => ({
      uri: options.uriOf((await order(host, '/start-alone', Alone)).address),
    }),
    found: async (host) => {
      const { state } = await order(host, '/found', Host);
      if (state !== 'running') throw unavailable({ host }, `told to found a set, it says ${state}`, undefined);
    },
    wipe: async (host) => {
      await order(host, '/wipe', Host);
    },
    rollbackFiles: async (host) => (await ask(host, '/rollback-files', Files)).files,
    // what is in them is the database's: knowing that they are there is a question, reading them is not
    readRollbackFile: (host, name) => read(toOrder(host), name),
  };
}

function mayOnlyAsk(host: string): never {
  throw new DrError('HOST_REFUSED', 'permanent', `This process may only ask the agent of ${host}.`, {
    hint: 'Set HOLDFAST_MEMBER_AGENT_SECRET for workers, which give orders.',
  });
}

async function answered<T>(to: AgentAddress, answer: Response, shape: z.ZodType<T>): Promise<T> {
  let said: unknown;
  try {
    said = JSON.parse(await textOf(answer));
  } catch (cause) {
    throw unavailable(to, 'what came is not its answer', cause);
  }
  const parsed = shape.safeParse(said);
  if (parsed.success) return parsed.data;
  throw unavailable(to, 'what came is not its answer', parsed.error);
}

/** Only what is as long as was said counts: a file cut short would look like a whole one. */
async function* read(to: AgentAddress, name: string): AsyncGenerator<Uint8Array> {
  if (!FILE_NAME.test(name)) {
    throw new DrError('HOST_REFUSED', 'permanent', `"${name.slice(0, 80)}" is no rollback file's name.`);
  }
  const stalled = new AbortController();
  const watch = setTimeout(() => stalled.abort(), STALLED_MS);
  try {
    const answer = await signedRequest(to, 'GET', `/rollback-files/${name}`, stalled.signal);
    const wanted = Number(answer.headers.get('content-length') ?? Number.NaN);
    let bytes = 0;
    for await (const chunk of answer.body ?? []) {
      watch.refresh();
      bytes += chunk.length;
      yield chunk;
      watch.refresh();
    }
    if (bytes !== wanted) throw unavailable(to, `${name} was cut short`, undefined);
  } catch (thrown) {
    throw thrown instanceof DrError ? thrown : unavailable(to, `${name} broke off`, thrown);
  } finally {
    clearTimeout(watch);
    stalled.abort();
  }
}
