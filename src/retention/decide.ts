import { DrError } from '#core';
import { type PrunePlan, planPrune } from './plan-prune.ts';
import { provePrune } from './prove-prune.ts';
import type { PruneQuestion } from './prune-question.ts';

/**
 * The plan, once it is proved that everything in it may go. Throws PRUNE_REFUSED: permanent where the clock can't be
 * right, a bug where planner and proof do not agree, which is a mistake in one of them.
 */
export function decide(question: PruneQuestion): PrunePlan {
  const plan = planPrune(question);
  const [refusal] = plan.refusals;
  if (refusal)
    throw new DrError('PRUNE_REFUSED', 'permanent', `${refusal} Nothing was deleted.`, {
      hint: 'Then again: /dr prune',
    });
  prove(
    question,
    plan.remove.flatMap(({ unit }) => unit.keys),
  );
  return plan;
}

/** Throws PRUNE_REFUSED (bug) with every promise that would be broken if these keys went. */
export function prove(question: PruneQuestion, keys: readonly string[]): void {
  const broken = provePrune(question, new Set(keys));
  const [first] = broken;
  if (!first) return;
  throw new DrError('PRUNE_REFUSED', 'bug', `Prune would have broken a promise: ${first} Nothing was deleted.`, {
    hint: 'Everything stays as it is. Report this with the details of the run.',
    data: { broken: broken.slice(0, 50) },
  });
}
