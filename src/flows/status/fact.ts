import { asDrError, type Clock } from '#core';

/** Something that was asked of the world: what it said and how long that took, or why it is not known. */
export type Fact<T> =
  | { readonly known: true; readonly value: T; readonly tookMs: number }
  | { readonly known: false; readonly why: string };

/**
 * Asks, and waits no longer than `ms`: one dead region must not keep the others' facts from whoever asked. Never
 * rejects. The question itself may go on; nobody reads its answer any more.
 */
export async function factWithin<T>(clock: Clock, ms: number, ask: () => Promise<T>): Promise<Fact<T>> {
  const beganMs = clock.monotonicMs();
  const answered = new AbortController();
  const late = clock.sleep(ms, answered.signal).then(
    (): Fact<T> => ({ known: false, why: `no answer in ${(ms / 1000).toFixed(1)} s` }),
    (): Fact<T> => ({ known: false, why: 'not waited for' }),
  );
  const fact = Promise.resolve()
    .then(ask)
    .then(
      (value): Fact<T> => ({ known: true, value, tookMs: clock.monotonicMs() - beganMs }),
      (thrown: unknown): Fact<T> => ({ known: false, why: firstSentence(asDrError(thrown).message) }),
    );
  const first = await Promise.race([fact, late]);
  answered.abort();
  return first;
}

const firstSentence = (message: string): string =>
  (/^.*?[^.]{3}\.(?= |$)/.exec(message)?.[0] ?? message).replace(/\.$/, '');
