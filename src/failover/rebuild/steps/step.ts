import type { RequestId } from '#core';
import type { MemberHosts } from '#ports';
import type { StepContext, StepDefinition } from '#workflow';
import { byHand } from '../by-hand.ts';
import type { RebuildInput } from '../facts.ts';
import type { RebuildWorld } from '../world.ts';

export type Step<Done, Output> = StepDefinition<RebuildInput, Done, Output, RebuildWorld>;
export type Context<Done = unknown> = StepContext<RebuildInput, Done, RebuildWorld>;

/** The machines: through their agents, or through a person who reads what the step says. */
export const hostsOf = ({ world, input, clock, signal, report }: Context): MemberHosts =>
  (input.facts.byHand ? undefined : world.hosts) ??
  byHand({ world, region: input.facts.region, clock, signal, report });

/** What is found is kept with the failover that lost it; with the rebuild itself where none did. */
export const lostIn = ({ input, runId }: Pick<Context, 'input' | 'runId'>): RequestId => input.facts.lostIn ?? runId;

/** Keeps what a rollback left behind; how many files it was, undefined where nobody but a person can read them. Idempotent. */
export async function keepRollbackFiles(
  context: Pick<Context, 'world' | 'input' | 'runId' | 'signal'>,
  host: string,
): Promise<{ readonly rollbackFiles?: number }> {
  if (context.input.facts.byHand) return {};
  const { returned } = context.world;
  return { rollbackFiles: (await returned.saveRollbackFiles(lostIn(context), host, context.signal)).files };
}

/** A person may be asleep, and a copy of everything takes hours. */
export const PATIENT = { timeoutMs: 12 * 3_600_000, retry: { times: 1_000, everyMs: 5_000 } } as const;
