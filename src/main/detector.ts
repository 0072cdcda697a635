import { DrError } from '#core';
import { type Finding, lookForSilence, runDetector } from '#detection';
import { plainText } from '#record';
import { every } from './every.ts';
import type { Holdfast } from './open-holdfast.ts';
import { openProbes } from './open-probes.ts';

/** How often somebody looks whether anybody looks. */
const WATCH_MS = 10_000;

export interface DetectorParts {
  /** Told everything that is found, the same again while it lasts. Idempotent by key. */
  readonly onFindings: (findings: readonly Finding[]) => Promise<void>;
  /** Whether the pager answers; undefined where there is none. */
  readonly checkPager?: () => Promise<unknown>;
}

/**
 * Looks at everything from this region, and judges by what all regions see when it is the one who does. Needs neither Redis
 * nor the protected database to run. Returns how to stop. Throws CONFIG_INVALID (user) without a region.
 */
export async function startDetector(holdfast: Holdfast, parts: DetectorParts): Promise<() => Promise<void>> {
  const { config, plan, store, leases, history, holder, flow, logger } = holdfast;
  const { region } = config;
  if (!region || !(region in plan.regions)) {
    throw new DrError('CONFIG_INVALID', 'user', 'The detector needs HOLDFAST_REGION: a region of the plan.', {
      hint: `HOLDFAST_REGION=${Object.keys(plan.regions)[0]} node src/main.ts detector`,
    });
  }
  const halt = new AbortController();
  const running = runDetector(
    {
      ...{ plan, region, holder, store, leases, history },
      clock: flow.clock,
      probes: openProbes(holdfast, parts.checkPager),
      onFindings: parts.onFindings,
      onTrouble: (what, error) => logger.warn({ err: error }, `${what} failed; it is tried again`),
    },
    halt.signal,
  );
  logger.info('detector ready');
  return async () => {
    halt.abort();
    await running;
  };
}

/** Looks whether any detector reports: a part of the worker, which is there when detectors are not. Returns how to stop. */
export function watchDetectors(
  { plan, store, flow, logger }: Holdfast,
  onFindings: DetectorParts['onFindings'],
): () => Promise<void> {
  let since: Date | undefined;
  let wasSilent = false;
  const look = async (): Promise<void> => {
    since ??= await store.now();
    const finding = await lookForSilence(store, plan, since);
    const isSilent = finding.state === 'failing';
    if (isSilent || wasSilent) await onFindings([finding]);
    wasSilent = isSilent;
  };
  return every(WATCH_MS, 'the look for detectors', look, { clock: flow.clock, logger });
}

/** Tells a log what is found, once for each change. */
export function logFindings({ logger, flow }: Holdfast): DetectorParts['onFindings'] {
  const last = new Map<string, string>();
  return async (findings) => {
    for (const { key, state, title, cause, since, severity, breach, seenBy } of findings) {
      const now = `${state} ${breach}`;
      if (last.get(key) === now) continue;
      last.set(key, now);
      const words = plainText(cause, (person) => flow.roster.name(person), flow.clock.now());
      logger.warn({ finding: key, state, since, severity, breach, seenBy, cause: words }, `${state}: ${title}`);
    }
  };
}
