import { z } from 'zod';
import { asDrError, DrError, Region } from '#core';
import type { Member, MemberState, OpTime, ReplicaSetView } from '#ports';
import type { Members } from './replica-set-members.ts';

const ASK_WITHIN_MS = 1_500;
const WRITE_BLOCK_ON = 2;

const OpTimeAnswer = z.object({ ts: z.custom<{ t: number; i: number }>(), t: z.coerce.number() });

const StatusAnswer = z.object({
  myState: z.number(),
  optimes: z.object({ appliedOpTime: OpTimeAnswer, lastAppliedWallTime: z.date() }).optional(),
});

const HelloAnswer = z.object({
  isWritablePrimary: z.boolean(),
  primary: z.string().optional(),
  /** Grows with the term, so of two that claim to be primary the greater one is. */
  electionId: z.custom<{ toHexString(): string }>().optional(),
});

const ConfigMember = z
  .object({
    _id: z.number(),
    host: z.string(),
    votes: z.coerce.number(),
    priority: z.coerce.number(),
    arbiterOnly: z.boolean().default(false),
    tags: z.record(z.string(), z.string()).default({}),
  })
  .loose();

export const Config = z
  .object({
    _id: z.string(),
    version: z.coerce.number(),
    term: z.coerce.number().optional(),
    members: z.array(ConfigMember),
    settings: z
      .object({
        heartbeatIntervalMillis: z.coerce.number().default(2_000),
        catchUpTimeoutMillis: z.coerce.number().default(-1),
      })
      .loose(),
  })
  .loose();
export type Config = z.output<typeof Config>;

/** The newest configuration any member knows. DATABASE_UNAVAILABLE when none answers. */
export async function readConfig(members: Members, hosts: readonly string[]): Promise<Config> {
  const order = 'show the configuration';
  const answers = await Promise.allSettled(
    hosts.map(async (host) =>
      Config.parse((await members.ask(host, { replSetGetConfig: 1 }, order, ASK_WITHIN_MS))['config']),
    ),
  );
  const configs = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const newest = configs.sort((a, b) => (b.term ?? 0) - (a.term ?? 0) || b.version - a.version)[0];
  if (newest) return newest;
  const failed = answers.find((answer) => answer.status === 'rejected');
  const why = asDrError(failed?.reason);
  if (why.code === 'DATABASE_REFUSED') throw why;
  throw new DrError('DATABASE_UNAVAILABLE', 'transient', `No member answers: ${hosts.join(', ')}.`, { cause: why });
}

/**
 * Every member by its own word, all asked at once, and in the same moment for the configuration: a member that is dead is
 * waited for once and not twice, which counts when a lost region is to be left.
 */
export async function look(members: Members, hosts: readonly string[]): Promise<ReplicaSetView> {
  const asked = new Map(hosts.map((host) => [host, quietly(askState(members, host))]));
  const config = await readConfig(members, hosts);
  return {
    name: config._id,
    configVersion: config.version,
    heartbeatMs: config.settings.heartbeatIntervalMillis,
    catchUpMs: config.settings.catchUpTimeoutMillis,
    members: await Promise.all(config.members.map((member) => lookAt(members, member, asked.get(member.host)))),
  };
}

/** Its failure is read where it is waited for; until then it is nobody's unhandled one. */
function quietly<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined);
  return answer;
}

type MemberWord = Pick<Member, 'state' | 'writable' | 'blocked' | 'applied' | 'appliedAt' | 'seesPrimary'>;

const SILENT: Omit<MemberWord, 'state'> = {
  writable: false,
  blocked: undefined,
  applied: undefined,
  appliedAt: undefined,
  seesPrimary: undefined,
};

async function lookAt(
  members: Members,
  config: z.output<typeof ConfigMember>,
  asked: Promise<MemberWord> | undefined,
): Promise<Member> {
  const region = Region.safeParse(config.tags['region']);
  const known = {
    host: config.host,
    region: region.success ? region.data : undefined,
    votes: config.votes,
    priority: config.priority,
  };
  // Nobody can log in to an arbiter: it has no data, so no users either.
  if (config.arbiterOnly) return { ...known, ...SILENT, state: 'arbiter' };
  try {
    return { ...known, ...(await (asked ?? askState(members, config.host))) };
  } catch (thrown) {
    // A right that is missing is missing everywhere: not a member that is down, but an order that can't be followed.
    if (asDrError(thrown).kind !== 'transient') throw thrown;
    return { ...known, ...SILENT, state: 'unreachable' };
  }
}

async function askState(members: Members, host: string): Promise<MemberWord> {
  const [status, blocked, hello] = await Promise.all([
    members.ask(host, { replSetGetStatus: 1 }, 'show its state', ASK_WITHIN_MS),
    isBlocked(members, host),
    sayHello(members, host),
  ]);
  const { myState, optimes } = StatusAnswer.parse(status);
  return {
    state: stateOf(myState, hello.isWritablePrimary),
    writable: hello.isWritablePrimary && !blocked,
    blocked,
    applied: optimes && opTimeOf(optimes.appliedOpTime),
    appliedAt: optimes?.lastAppliedWallTime,
    seesPrimary: hello.primary,
  };
}

export const sayHello = async (members: Members, host: string): Promise<z.output<typeof HelloAnswer>> =>
  HelloAnswer.parse(await members.ask(host, { hello: 1 }, 'say who is primary', ASK_WITHIN_MS));

/** Sections that cost time and are not looked at. */
const LEFT_OUT = Object.fromEntries(
  ['wiredTiger', 'metrics', 'locks', 'tcmalloc', 'transactions', 'opLatencies', 'security', 'network'].map((name) => [
    name,
    0,
  ]),
);

async function isBlocked(members: Members, host: string): Promise<boolean> {
  const answer = await members.ask(host, { serverStatus: 1, ...LEFT_OUT }, 'show its write block', ASK_WITHIN_MS);
  const { repl } = z.object({ repl: z.object({ userWriteBlockMode: z.coerce.number().default(1) }) }).parse(answer);
  // The mode is counted from 1 (off), so a plain truth test would see a block that is not there.
  return repl.userWriteBlockMode === WRITE_BLOCK_ON;
}

/** The numbers of the server's own table of member states. */
function stateOf(myState: number, isWritablePrimary: boolean): MemberState {
  if (isWritablePrimary) return 'primary';
  if (myState === 1 || myState === 2) return 'secondary';
  return myState === 9 ? 'rollback' : 'recovering';
}

export const opTimeOf = ({ ts, t }: z.output<typeof OpTimeAnswer>): OpTime => ({
  term: t,
  seconds: ts.t,
  increment: ts.i,
});

export async function appliedOn(members: Members, host: string): Promise<OpTime> {
  const answer = await members.ask(host, { replSetGetStatus: 1 }, 'say how far it is', ASK_WITHIN_MS);
  const { optimes } = StatusAnswer.parse(answer);
  if (optimes) return opTimeOf(optimes.appliedOpTime);
  throw new DrError('DATABASE_UNAVAILABLE', 'transient', `${host} has not joined its replica set yet.`);
}
