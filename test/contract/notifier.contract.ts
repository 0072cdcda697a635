import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Notice, Notifier } from '#ports';

export interface OpenedNotifier {
  readonly notifier: Notifier;
  /** Ids of what was delivered, in order. */
  delivered(): readonly string[];
  /** The next message is delivered, and the answer is lost. */
  loseAnswer(): void;
  limit(retryAfterSeconds: number): void;
  setAlive(alive: boolean): void;
  close(): Promise<void>;
}

export const notice = (id: string, text = 'SEV-1 INC-17: us-east-1 DB has no primary.'): Notice => ({
  id,
  to: '+1-555-0101',
  subject: 'SEV-1 INC-17',
  text,
});

/** What every gateway must do. `open` gives one that delivers SMS. */
export function notifierContract(open: () => Promise<OpenedNotifier>): void {
  describe('the notifier', () => {
    let opened: OpenedNotifier;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it('delivers a message, once however often it is sent', async () => {
      for (let time = 0; time < 3; time += 1) await opened.notifier.send(notice('a'));
      await opened.notifier.send(notice('b'));
      expect(opened.delivered()).toEqual(['a', 'b']);
    });

    it('delivers once where the answer was lost and the message is sent again', async () => {
      opened.loseAnswer();
      const lost = opened.notifier.send(notice('c'));
      await expect(lost).rejects.toMatchObject({ code: 'NOTIFIER_UNAVAILABLE', kind: 'transient' });
      await opened.notifier.send(notice('c'));
      expect(opened.delivered()).toEqual(['a', 'b', 'c']);
    });

    it('passes on how long it is asked to wait', async () => {
      opened.limit(7);
      await expect(opened.notifier.send(notice('d'))).rejects.toMatchObject({
        code: 'NOTIFIER_UNAVAILABLE',
        data: { retryAfterMs: 7000 },
      });
    });

    it('is unavailable while it is down, says so soon, and works again by itself', async () => {
      opened.setAlive(false);
      const startedAt = performance.now();
      await expect(opened.notifier.send(notice('e'))).rejects.toMatchObject({ code: 'NOTIFIER_UNAVAILABLE' });
      expect(performance.now() - startedAt).toBeLessThan(4_000);
      opened.setAlive(true);
      await opened.notifier.send(notice('e'));
      expect(opened.delivered()).toEqual(['a', 'b', 'c', 'e']);
    });
  });
}
