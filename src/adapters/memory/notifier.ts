import { type Clock, DrError } from '#core';
import type { Notice, Notifier, NotifierKind } from '#ports';
import type { Failure } from './chat.ts';

/** A gateway in this process: keeps what it delivered, and can be made to fail. */
export interface MemoryNotifier extends Notifier {
  readonly delivered: readonly { readonly at: Date; readonly notice: Notice }[];
  /** `refuse` throws and delivers nothing, `loseAnswer` delivers and then throws. */
  failWith(rule: ((notice: Notice) => Failure | undefined) | undefined): void;
}

export const notifierUnavailable = (retryAfterMs?: number): DrError =>
  new DrError('NOTIFIER_UNAVAILABLE', 'transient', 'The gateway does not answer.', {
    data: retryAfterMs === undefined ? {} : { retryAfterMs },
  });

export const notifierRefused = (word: string): DrError =>
  new DrError('NOTIFIER_REFUSED', 'permanent', `The gateway refused: ${word}.`, { data: { word } });

/** An id that was delivered is not delivered again. */
export function memoryNotifier(kind: NotifierKind, clock: Clock): MemoryNotifier {
  const delivered: MemoryNotifier['delivered'][number][] = [];
  let rule: ((notice: Notice) => Failure | undefined) | undefined;
  return {
    kind,
    delivered,
    failWith: (next) => {
      rule = next;
    },
    send: async (notice) => {
      const failure = rule?.(notice);
      if (failure?.kind === 'refuse') throw failure.error;
      if (!delivered.some((each) => each.notice.id === notice.id)) delivered.push({ at: clock.now(), notice });
      if (failure) throw failure.error;
    },
  };
}
