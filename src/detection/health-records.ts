import { type ControlStore, insertNew, type Records, type Stored } from '#ports';
import { Judgement } from './judge/judge.ts';

const judgementsIn = (store: ControlStore): Records<Judgement> => store.records('health', Judgement);

/** The newest judgement; undefined before the first. Throws STORE_UNAVAILABLE (transient). */
export const readJudgement = async (store: ControlStore): Promise<Stored<Judgement> | undefined> =>
  judgementsIn(store).get('now');

/** Keeps a judgement made after `before`; false, and no change, when somebody else judged meanwhile. */
export async function keepJudgement(
  store: ControlStore,
  before: Stored<Judgement> | undefined,
  next: Judgement,
): Promise<boolean> {
  const judgements = judgementsIn(store);
  return before ? judgements.replace(before, next) : insertNew(judgements, next);
}
