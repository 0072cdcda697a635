import { asDrError, type Clock, formatDuration, outside, type Text } from '#core';
import type { ProbeResult } from '#ports';
import { type Probe, probeKey, type Seen } from './probe.ts';

export interface Rounds {
  /**
   * Asks everything at once and answers when each has answered or its time is over: never later than that, never throws.
   * What an earlier round asked and nobody answered is not asked again; it has failed until it ends, or is not seen where
   * another probe tells the silence.
   */
  round(): Promise<readonly Seen[]>;
  /** How many answers are still waited for from rounds that are over. */
  open(): number;
}

export function createRounds(parts: {
  readonly probes: readonly Probe[];
  /** How long an answer may take, in ms. */
  readonly withinMs: number;
  readonly clock: Clock;
}): Rounds {
  const { probes, withinMs, clock } = parts;
  const open = new Map<string, number>();

  const ask = async (probe: Probe): Promise<Seen> => {
    const key = probeKey(probe);
    const startMs = clock.monotonicMs();
    const askedMs = open.get(key);
    if (askedMs !== undefined) return { probe, ms: 0, result: stillOpen(probe, startMs - askedMs) };
    open.set(key, startMs);
    const tooLate = new AbortController();
    const answer = answerOf(probe, tooLate.signal).finally(() => open.delete(key));
    const ended = new AbortController();
    const late = clock.sleep(withinMs, ended.signal).then(
      () => silence(probe, withinMs),
      () => silence(probe, withinMs),
    );
    const result = await Promise.race([answer, late]);
    ended.abort();
    tooLate.abort();
    return { probe, ms: clock.monotonicMs() - startMs, result };
  };

  return { round: () => Promise.all(probes.map(ask)), open: () => open.size };
}

/** Whatever it throws becomes an answer. */
async function answerOf(probe: Probe, signal: AbortSignal): Promise<ProbeResult> {
  try {
    return await probe.run(signal);
  } catch (thrown) {
    const error = asDrError(thrown);
    const words: Text = [outside(error.message)];
    return error.kind === 'transient'
      ? { state: 'failed', what: `${probe.subject} does not answer`, words, hostile: false, numbers: {} }
      : { state: 'unknown', words };
  }
}

const silence = (probe: Probe, withinMs: number): ProbeResult =>
  failed(probe, `no answer in ${formatDuration(withinMs)}`);

const stillOpen = (probe: Probe, ms: number): ProbeResult => failed(probe, `no answer for ${formatDuration(ms)}`);

const failed = ({ subject, quiet }: Probe, why: string): ProbeResult =>
  quiet
    ? { state: 'unknown', words: [why] }
    : { state: 'failed', what: `${subject} does not answer`, words: [why], hostile: false, numbers: {} };
