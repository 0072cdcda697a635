import type { Preview } from '#chatops';
import { closest, counted, DrError, formatCount, type RequestId, say, type Text } from '#core';
import { type Fate, type MergeInput, type MergePlan, type PlannedWrite, planMerge, toWrite } from '#loss';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { namespacesOf } from '../restores/name-choice.ts';

interface MergeArgs {
  readonly receipt: RequestId;
  readonly only: string | undefined;
  readonly takeLost: boolean;
}

const SHOWN_CONFLICTS = 5;

/** What merging a loss would put back, and what it would leave. Throws what `planMerge` throws, and NOT_FOUND (user). */
export async function mergePreview(args: MergeArgs, world: Pick<HoldfastWorld, 'loss' | 'plan'>): Promise<Preview> {
  const only = args.only === undefined ? undefined : namespacesOf(args.only, world.plan.mongodb.databases);
  const choice = { only, takeLost: args.takeLost };
  const plan = await planMerge(world.loss, args.receipt, choice);
  if (only) await refuseUnknown(args, only, plan, world);
  const writes = toWrite(plan.writes, choice);
  if (writes.length === 0) throw nothingToMerge(args, plan);
  const payload: MergeInput = {
    receipt: args.receipt,
    ...(only ? { only } : {}),
    takeLost: args.takeLost,
    hash: plan.hash,
  };
  return {
    title: `merge ${counted(writes.length, 'lost write')} of ${args.receipt}`,
    job: 'merge',
    payload,
    facts: { ...payload, writes: writes.length },
    limits: {},
    live: {},
    sections: [
      { lines: fateLines(plan.writes, args) },
      {
        heading: 'Nothing is removed',
        lines: [['What is written since the failover stays as it is, unless said above.']],
      },
    ],
    details: [{ heading: 'Conflicts', lines: conflictLines(plan.writes) }],
    effect: `${counted(writes.length, 'lost write')} come back. Nothing is removed.`,
    smallPrint: [`What is lost, by id: /dr receipt ${args.receipt}`],
  };
}

const countOf = (writes: readonly PlannedWrite[], fate: Fate): number =>
  writes.filter((each) => each.fate === fate).length;

function fateLines(writes: readonly PlannedWrite[], { takeLost }: MergeArgs): Text[] {
  const line = (fate: Fate, words: (count: string) => string): Text[] => {
    const count = countOf(writes, fate);
    return count > 0 ? [[words(formatCount(count))]] : [];
  };
  return [
    ...line('insert', (n) => `Put back: ${n}. Nothing has their id now.`),
    ...line('conflict', (n) =>
      takeLost
        ? `Replaced: ${n}. What has their id now is overwritten by the lost one.`
        : `Left: ${n} whose id something else has now. To overwrite those: --take-lost`,
    ),
    ...line('same', (n) => `There already: ${n}.`),
    ...line('gone', (n) => `Left: ${n} that were removed since on the new side.`),
    ...line('deletion', (n) => `Left: ${n} that the old side removed. A merge removes nothing.`),
    ...line('unknown', (n) => `Left: ${n} whose content nobody has yet. The old members may have it.`),
  ];
}

const conflictLines = (writes: readonly PlannedWrite[]): Text[] => {
  const conflicts = writes.filter(({ fate }) => fate === 'conflict');
  const more = conflicts.length - SHOWN_CONFLICTS;
  return [
    ...conflicts.slice(0, SHOWN_CONFLICTS).map(({ write }) => say`${write.namespace} ${{ quote: write.id }}`),
    ...(more > 0 ? [[`and ${formatCount(more)} more.`]] : []),
    ...(conflicts.length === 0 ? [['None.']] : []),
  ];
};

async function refuseUnknown(
  { receipt }: MergeArgs,
  only: readonly string[],
  plan: MergePlan,
  world: Pick<HoldfastWorld, 'loss'>,
): Promise<void> {
  const all = await planMerge(world.loss, receipt, { takeLost: false });
  const names = [...new Set(all.writes.map(({ write }) => write.namespace))];
  const unknown = only.find((each) => !names.includes(each));
  if (unknown === undefined || plan.writes.length > 0) return;
  const near = closest(unknown, names);
  throw new DrError(
    'NOT_FOUND',
    'user',
    `Nothing of ${unknown} is lost.${near ? ` Did you mean ${near}?` : ''} Nothing was changed.`,
    { hint: names.length > 0 ? `Lost are writes of ${names.join(', ')}.` : `Look: /dr receipt ${receipt}` },
  );
}

function nothingToMerge({ receipt }: MergeArgs, { writes }: MergePlan): DrError {
  const conflicts = countOf(writes, 'conflict');
  const unknown = countOf(writes, 'unknown');
  const why =
    conflicts > 0
      ? `${formatCount(conflicts)} have something else in their place`
      : unknown > 0
        ? `the content of ${formatCount(unknown)} is kept nowhere yet`
        : 'nothing is missing that could be put back';
  return new DrError('WRONG_STATE', 'user', `There is nothing to merge: ${why}. Nothing was changed.`, {
    hint: conflicts > 0 ? `To overwrite those: /dr merge ${receipt} --take-lost` : `Look: /dr receipt ${receipt}`,
  });
}
