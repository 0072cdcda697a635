/** The newest answer of a source, asked again and again in the background, so that a dead one keeps nobody waiting. */
export type Latest<T> = {
  /** Undefined when the newest try failed, did not end in time, or none has been made. */
  value(): T | undefined;
  /** Resolves when the first try has ended, whichever way. Never rejects. */
  readonly first: Promise<void>;
};

/** A try that hangs for this many deadlines is forgotten, or one lost answer would blind the page for good. */
const GIVEN_UP_AFTER = 5;

/** Asks `read` every `everyMs` until `signal` aborts; each try has `withinMs`. Never two tries at once. */
export function keepLatest<T>(
  read: () => Promise<T>,
  { everyMs, withinMs, signal }: { everyMs: number; withinMs: number; signal: AbortSignal },
): Latest<T> {
  let value: T | undefined;
  const attempt = async () => {
    const trying = read();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        value = undefined;
        resolve(undefined);
      }, withinMs);
    });
    let end: NodeJS.Timeout | undefined;
    const givenUp = new Promise<void>((resolve) => {
      end = setTimeout(resolve, (1 + GIVEN_UP_AFTER) * withinMs);
    });
    try {
      value = await Promise.race([trying, late]);
      // the slow one is still waited for: asking a hanging server again and again would only pile up questions
      await Promise.race([trying, givenUp]);
    } catch {
      value = undefined;
    } finally {
      clearTimeout(timer);
      clearTimeout(end);
    }
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
