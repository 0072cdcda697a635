import { z } from 'zod';
import { DrError, say } from '#core';
import { notYet } from '#workflow';
import type { ColdContext, ColdStep } from '../step.ts';

export const Founded = z.object({ set: z.string(), primary: z.string() });
export type Founded = z.output<typeof Founded>;

const BLOCK_WITHIN_MS = 5_000;

/** Step 2: an empty replica set of one member in the cold region, closed to users until the data is proved. */
export const foundDatabase: ColdStep<unknown, Founded> = {
  output: Founded,
  says: ({ facts }) => ({
    todo: `Found a database at ${facts.host}, writes blocked`,
    done: `a database is founded at ${facts.host}`,
  }),
  tells: ({ set, primary }) => say`Replica set ${set} is founded: ${primary}, alone. Writes are blocked.`,
  // A set that was founded already is started again, or found running.
  observe: async () => notYet,
  run: async (context) => {
    const { world, input, signal } = context;
    const { host, to } = input.facts;
    await machines(context).found(host);
    signal.throwIfAborted();
    return world.withFounded(host, async ({ replicaSet }) => {
      const { name, members } = await replicaSet.look();
      const [first, ...others] = members;
      if (!first || others.length > 0) {
        throw new DrError(
          'HOST_REFUSED',
          'permanent',
          `${host} founded no set of one: it has ${members.length} members.`,
        );
      }
      if (first.region !== to) {
        throw new DrError('HOST_REFUSED', 'permanent', `${host} is tagged ${first.region ?? 'nowhere'}, not ${to}.`, {
          hint: 'Its machine gives it the tag region: see docs/member-agent.md.',
        });
      }
      // just started, it elects itself within seconds
      if (first.state !== 'primary') {
        throw new DrError('DATABASE_UNAVAILABLE', 'transient', `${first.host} is not its set's primary yet.`);
      }
      await replicaSet.blockWrites(BLOCK_WITHIN_MS);
      return { set: name, primary: first.host };
    });
  },
  // Whatever is in it came from the vault: the machine is as it was before, and can be founded again.
  undo: async (context) => {
    const { host } = context.input.facts;
    await machines(context).hold(host);
    await machines(context).wipe(host);
  },
  timeoutMs: 120_000,
  retry: { times: 40, everyMs: 500 },
};

function machines({ world, input }: ColdContext) {
  if (world.hosts) return world.hosts;
  throw new DrError('CONFIG_INVALID', 'permanent', `The agent of ${input.facts.host} is not known here.`, {
    hint: 'Set HOLDFAST_MEMBER_AGENTS and HOLDFAST_MEMBER_AGENT_SECRET for every worker.',
  });
}
