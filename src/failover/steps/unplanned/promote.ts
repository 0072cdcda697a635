import { z } from 'zod';
import { asDrError, DrError, say, within } from '#core';
import type { ReplicaSetView } from '#ports';
import { notYet } from '#workflow';
import { noteGivenUp, takeBackGivenUp } from '../../given-up.ts';
import { roleOf, rolesAre } from '../../member-roles.ts';
import type { UnplannedFacts } from '../../unplanned-facts.ts';
import { holdWrites } from '../../write-block.ts';
import { blockOf, type LossContext, type LossStep } from './step.ts';

export const Forced = z.object({
  primary: z.string(),
  term: z.number().int(),
  /** When the write block began, by the control store's clock. */
  blockedFrom: z.date(),
  /** Why the survivor's own tail is not in the vault; undefined when it is. */
  notSaved: z.string().optional(),
});
export type Forced = z.output<typeof Forced>;

const STEP_UP_WITHIN_MS = 10_000;

/** Step 2: the survivor is made the primary, by force and with users' writes blocked. The last that may be put back. */
export const promoteSurvivor: LossStep<unknown, Forced> = {
  output: Forced,
  says: ({ facts }) => ({
    todo: `Force ${facts.to} to be the primary database, writes blocked`,
    done: `${facts.to} is primary, writes blocked`,
  }),
  tells: ({ term, notSaved }, { facts }) => {
    const missed = notSaved === undefined ? '' : ` Its own tail could not be saved before: ${notSaved}.`;
    return say`${facts.to} is primary by a forced configuration, term ${term}. Writes are blocked.${missed}`;
  },
  observe: async ({ world, input: { facts }, runId }) => {
    const [record, view] = await Promise.all([world.writeBlocks.get(runId), world.replicaSet.look()]);
    const from = record?.value.state === 'on' ? record.value.pauses.at(-1)?.from : undefined;
    const leads = view.members.some(
      ({ host, state, blocked }) => host === facts.primaryAfter && state === 'primary' && blocked,
    );
    if (!from || !leads || !rolesAre(view.members, facts.membersAfter)) return notYet;
    const { term } = await world.replicaSet.appliedOn(facts.primaryAfter);
    return { happened: true, output: { primary: facts.primaryAfter, term, blockedFrom: from } };
  },
  run: async (context) => {
    const { world, input, runId, signal } = context;
    const { primaryAfter, membersAfter } = input.facts;
    const notSaved = await saveTail(context);
    signal.throwIfAborted();
    await noteGivenUp(world.givenUp, input.facts.from, runId, await world.store.now());
    await world.replicaSet.forceRoles(primaryAfter, membersAfter.map(roleOf), world.settings.forceWithinMs);
    signal.throwIfAborted();
    await world.replicaSet.stepUp(primaryAfter, STEP_UP_WITHIN_MS);
    const { from } = await holdWrites(world, runId, blockOf(context));
    const { term } = await world.replicaSet.appliedOn(primaryAfter);
    return { primary: primaryAfter, term, blockedFrom: from, ...(notSaved === undefined ? {} : { notSaved }) };
  },
  undo: refuseWhenForced,
  timeoutMs: 120_000,
  retry: { times: 10, everyMs: 500 },
};

/** The manual's first step before force; but a vault that does not answer keeps nobody's drivers waiting. */
async function saveTail({ world, input, runId, clock }: LossContext): Promise<string | undefined> {
  const late = (): DrError => new DrError('TIMED_OUT', 'transient', 'the vault did not answer in time');
  try {
    const saving = world.tail.save(runId, input.facts.primaryAfter);
    await within(saving, { clock, ms: world.settings.saveTailWithinMs, late });
    return undefined;
  } catch (thrown) {
    return asDrError(thrown).message.replace(/[.]$/, '');
  }
}

/**
 * Before the configuration is forced there is nothing to put back here, and the lease of the old side may be opened again. After
 * it there is no way back: then this throws, and the lease stays closed.
 */
async function refuseWhenForced({ world, input, clock, signal, runId }: LossContext, output: Forced | undefined) {
  const { facts } = input;
  if (output === undefined) await clock.sleep(world.settings.lateOrdersMs, signal);
  const view = await world.replicaSet.look();
  const survivor = view.members.find(({ host }) => host === facts.primaryAfter);
  if (survivor?.state === 'unreachable' || !survivor) {
    throw new DrError('DATABASE_UNAVAILABLE', 'transient', `${facts.primaryAfter} does not say what was forced.`);
  }
  if (!isForced(view, facts)) return takeBackGivenUp(world.givenUp, facts.from, runId);
  throw new DrError('WRONG_STATE', 'permanent', `The database was forced over to ${facts.to}: it only goes forward.`, {
    hint: `/dr resume ${runId}`,
  });
}

const isForced = ({ members, catchUpMs }: ReplicaSetView, { membersAfter }: UnplannedFacts): boolean =>
  catchUpMs === 0 && rolesAre(members, membersAfter);
