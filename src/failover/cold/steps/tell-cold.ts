import { say } from '#core';
import { insertNew } from '#ports';
import { notYet } from '#workflow';
import type { Leftover } from '../../leftovers.ts';
import { sameWeights } from '../../point-dns.ts';
import { type ColdCounted, ColdReceipt } from '../receipt.ts';
import { noteServing } from '../serving-database.ts';
import type { ColdContext, ColdStep } from '../step.ts';
import type { LoadedData } from '../world.ts';
import { type Chosen, momentOf } from './choose-point.ts';
import type { ColdConfigured } from './configure-cold.ts';
import type { AllFenced } from './fence-all.ts';
import type { ColdOpened } from './open-cold-writes.ts';
import type { Proved } from './prove-data.ts';

interface Done {
  readonly 'fence-all': AllFenced;
  readonly 'choose-point': Chosen;
  readonly 'load-data': LoadedData;
  readonly 'prove-data': Proved;
  readonly 'open-writes': ColdOpened;
  readonly 'switch-configuration': ColdConfigured;
  readonly 'count-loss': ColdCounted;
}

/** Step 12: which database serves is written down for every process of Holdfast, and whoever must know is told. */
export const tellCold: ColdStep<Done, ColdReceipt> = {
  output: ColdReceipt,
  says: () => ({ todo: 'Note which database serves; tell stakeholders', done: 'stakeholders told' }),
  tells: ({ left }) => {
    const later = left.length > 0 ? ` To be put right as soon as it answers: ${left.join(', ')}.` : '';
    return say`Stakeholders told. Holdfast's processes start anew on the new database.${later}`;
  },
  // All of it is kept once a run, so asking for it again doubles nothing.
  observe: async () => notYet,
  run: async (context) => {
    const { world, runId, clock, input, done } = context;
    const { facts, limits, reason, backupId } = input;
    const left = await leaveWeights(context);
    const { documents } = done['prove-data'];
    const { collections, bytes, leftOut } = done['load-data'];
    const receipt: ColdReceipt = {
      ...{ move: facts.move, from: facts.from, to: facts.to, host: facts.host, reason },
      ...{ backup: backupId, reachesAt: momentOf(done['choose-point'].point) },
      ...{ collections, documents, bytes, leftOut: [...leftOut] },
      ...{ counted: done['count-loss'], lossLimitMs: limits.lossMs, durationLimitMs: limits.durationMs },
      ...{ openedAt: done['open-writes'].openedAt, unreachable: done['switch-configuration'].unreachable, left },
      ...{ startedAt: done['fence-all'].startedAt, endedAt: clock.now() },
    };
    await world.tellCold(runId, receipt);
    await noteServing(world.serving, { region: facts.to, host: facts.host, run: runId, at: await world.store.now() });
    return receipt;
  },
  timeoutMs: 60_000,
  retry: { times: 5, everyMs: 2_000 },
};

/** The weights are tried once; where the control API is lost they are what the sweep puts right later. */
async function leaveWeights({ world, runId, clock, input: { facts } }: ColdContext): Promise<string[]> {
  const { to, weightsAfter: weights, configurationAfter: configuration } = facts;
  const leftover: Leftover = {
    ...{ id: runId, state: 'due', at: clock.now(), to, weights, configuration },
    // the set is a new one, and waits for others as any does
    ...{ catchUpMs: -1, membersAfter: [] },
  };
  await insertNew(world.leftovers, leftover);
  try {
    if (!sameWeights(await world.dns.weights(), weights)) await world.dns.setWeights(weights);
    return [];
  } catch {
    return ['DNS weights'];
  }
}
