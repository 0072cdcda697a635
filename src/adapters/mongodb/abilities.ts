import type { Document } from 'mongodb';
import { z } from 'zod';
import { asDrError } from '#core';
import type { Abilities, Ability, Lack } from '#ports';
import type { Members } from './replica-set-members.ts';

interface Need {
  readonly ability: Ability;
  readonly words: string;
  readonly commands: readonly string[];
  /** Of the user, on the cluster. */
  readonly rights: readonly string[];
  /** The first version of MongoDB that has all of the commands. */
  readonly since: string;
}

/** Managed services and old servers lack some of them; each would fail in the middle of a move, where it costs most. */
const NEEDS: readonly Need[] = [
  {
    ability: 'block-writes',
    words: "stop users' writes",
    commands: ['setUserWriteBlockMode'],
    rights: ['setUserWriteBlockMode'],
    since: '6.0',
  },
  {
    ability: 'move-primary',
    words: 'make another member the primary',
    commands: ['replSetFreeze', 'replSetStepUp'],
    rights: ['replSetStateChange'],
    since: '3.2',
  },
  {
    ability: 'change-members',
    words: 'change who votes',
    commands: ['replSetGetConfig', 'replSetReconfig'],
    rights: ['replSetGetConfig', 'replSetConfigure'],
    since: '3.0',
  },
  {
    ability: 'apply-oplog',
    words: 'take back the last seconds from the vault',
    commands: ['applyOps'],
    rights: ['applyOps', 'bypassWriteBlockingMode'],
    since: '3.0',
  },
];

const Build = z.object({
  version: z.string(),
  psmdbVersion: z.string().optional(),
  modules: z.array(z.string()).default([]),
});
const Commands = z.object({ commands: z.record(z.string(), z.unknown()) });
const Session = z.object({
  authInfo: z.object({
    authenticatedUsers: z.array(z.unknown()),
    authenticatedUserPrivileges: z
      .array(
        z.object({
          resource: z.object({ cluster: z.boolean().optional(), anyResource: z.boolean().optional() }),
          actions: z.array(z.string()),
        }),
      )
      .default([]),
  }),
});

const WITHIN_MS = 2_000;

/**
 * Asks a member for its build, its commands and the user's rights; changes nothing. Throws DATABASE_UNAVAILABLE (transient) when it
 * does not answer.
 */
export async function askAbilities(members: Members, host: string): Promise<Abilities> {
  const ask = (command: Document): Promise<Document> => members.ask(host, command, 'say what it can do', WITHIN_MS);
  const [build, commands, session] = await Promise.all([
    ask({ buildInfo: 1 }),
    orRefused(ask({ listCommands: 1 })),
    orRefused(ask({ connectionStatus: 1, showPrivileges: true })),
  ]);
  return abilitiesOf({ host, build, commands, session });
}

/** A managed service may refuse the question itself. The other answer then says what there is to say. */
async function orRefused(asked: Promise<Document>): Promise<Document | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (asDrError(thrown).code !== 'DATABASE_REFUSED') throw thrown;
    return undefined;
  }
}

/** What the answers come to. `commands` and `session` are left out where the server refused to say. */
export function abilitiesOf(answers: {
  readonly host: string;
  readonly build: unknown;
  readonly commands: unknown;
  readonly session: unknown;
}): Abilities {
  const build = Build.parse(answers.build);
  const known = answers.commands === undefined ? undefined : Commands.parse(answers.commands).commands;
  const held = answers.session === undefined ? 'everything' : rightsOf(Session.parse(answers.session));
  return {
    product: productOf(answers.host, build),
    lacks: NEEDS.flatMap((need) => lackOf(need, known, held)),
  };
}

function lackOf(need: Need, known: Readonly<Record<string, unknown>> | undefined, held: Rights): Lack[] {
  const { ability, words, since } = need;
  const lacks = (because: string): Lack[] => [{ ability, words, because }];
  const unknown = known && need.commands.find((command) => known[command] === undefined);
  if (unknown !== undefined) return lacks(`no ${unknown}: MongoDB ${since} or newer of one's own has it`);
  const missing = held === 'everything' ? [] : need.rights.filter((right) => !held.has(right));
  return missing.length > 0 ? lacks(`its user lacks the right ${missing.join(' and ')}`) : [];
}

type Rights = 'everything' | ReadonlySet<string>;

/** Without users in the server, or without its word, nothing is known to be lacking. */
function rightsOf({ authInfo }: z.output<typeof Session>): Rights {
  if (authInfo.authenticatedUsers.length === 0) return 'everything';
  const onCluster = authInfo.authenticatedUserPrivileges.filter(
    ({ resource }) => resource.cluster === true || resource.anyResource === true,
  );
  const actions = new Set(onCluster.flatMap((each) => each.actions));
  return actions.has('anyAction') ? 'everything' : actions;
}

function productOf(host: string, { version, psmdbVersion, modules }: z.output<typeof Build>): string {
  const name = host.replace(/:\d+$/, '');
  if (name.endsWith('.mongodb.net')) return `MongoDB Atlas ${version}`;
  if (name.endsWith('.docdb.amazonaws.com')) return `Amazon DocumentDB ${version}`;
  if (psmdbVersion !== undefined) return `Percona Server for MongoDB ${psmdbVersion}`;
  return `MongoDB ${modules.includes('enterprise') ? 'Enterprise' : 'Community'} ${version}`;
}
