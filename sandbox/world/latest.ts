/** The newest answer of a source, asked again and again in the background, so that a dead one keeps nobody waiting. */
export type Latest<T> = {
  /** Undefined when the newest try failed, has not ended in time so far, or none has been made. */
  value(): T | undefined;
  /** Resolves when the first try has ended, whichever way. Never rejects. */
  readonly first: Promise<void>;
};

/** A try that hangs for this many deadlines is forgotten, or one lost answer would blind the page for good. */
const GIVEN_UP_AFTER = 5;

/**
 * Asks `read` every `everyMs` until `signal` aborts. Never two tries at once. A try that takes longer than `withinMs` counts as
 * failed until its answer comes: on a slow machine what lives answers late, and late is not dead.
 */
export function keepLatest<T>(
  read: () => Promise<T>,
  { everyMs, withinMs, signal }: { everyMs: number; withinMs: number; signal: AbortSignal },
): Latest<T> {
  let value: T | undefined;
  const attempt = async () => {
    let forgotten = false;
    const keep = (answer: T | undefined) => {
      clearTimeout(late);
      if (!forgotten) value = answer;
    };
    const late = setTimeout(() => {
      value = undefined;
    }, withinMs);
    // the slow one is still waited for: asking a hanging server again and again would only pile up questions
    const ended = read().then(keep, () => keep(undefined));
    let end: NodeJS.Timeout | undefined;
    const givenUp = new Promise<void>((resolve) => {
      end = setTimeout(resolve, (1 + GIVEN_UP_AFTER) * withinMs);
    });
    await Promise.race([ended, givenUp]);
    clearTimeout(end);
    forgotten = true;
  };
  let done: (() => void) | undefined;
  const first = new Promise<void>((resolve) => {
    done = resolve;
    setTimeout(resolve, withinMs).unref();
  });
  const loop = async () => {
    while (!signal.aborted) {
      await attempt();
      done?.();
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, everyMs);
        signal.addEventListener('abort', end);
      });
    }
  };
  void loop();
  return { value: () => value, first };
}
