import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IncidentId } from '#core';
import type { Pager, PagerCall } from '#ports';

/** Users of the pager: the first is on call, the others are not. */
export const ON_CALL = 'PJSMITH1';
const JANE = 'PJANEDOE';
const ALEX = 'PALXCHEN';

export interface OpenedPager {
  readonly pager: Pager;
  /** The same service, for somebody without a token. */
  readonly tokenless: Pager;
  /** Whose telephone rang for this key, in order. */
  rings(key: string): readonly string[];
  /** Resolves when what was accepted has become what it becomes. */
  settled(): Promise<void>;
  acknowledgeAs(key: string, user: string): void;
  /** The next call takes effect, and its answer is lost. */
  loseAnswer(): void;
  limit(retryAfterSeconds: number): void;
  setAlive(alive: boolean): void;
  close(): Promise<void>;
}

export const pageFor = (key: string, summary = 'us-east-1 DB: no primary since 08:02 UTC'): PagerCall => ({
  key,
  incident: IncidentId.parse('INC-17'),
  summary,
  severity: 'critical',
  source: 'us-east-1',
  details: [
    ['What', 'us-east-1 database has no primary'],
    ['Since', '08:02:10 UTC'],
  ],
  links: [{ href: 'https://hf.example/i/17', text: 'Thread' }],
});

/** What every pager must do. `open` gives one that knows no incident. */
export function pagerContract(open: () => Promise<OpenedPager>): void {
  describe('the pager', () => {
    let opened: OpenedPager;
    let pager: Pager;
    beforeAll(async () => {
      opened = await open();
      pager = opened.pager;
    });
    afterAll(() => opened.close());

    const trigger = async (key: string): Promise<void> => {
      await pager.trigger(pageFor(key));
      await opened.settled();
    };
    const one = async (key: string) => (await pager.incidents([key]))[0];

    it('calls who is on call, once for a key however often it is sent', async () => {
      await trigger('inc-1:sev-2');
      await trigger('inc-1:sev-2');
      expect(opened.rings('inc-1:sev-2')).toEqual([ON_CALL]);
      expect(await one('inc-1:sev-2')).toMatchObject({ state: 'triggered', acknowledgedBy: [] });
    });

    it('leaves out keys that it does not know, and gives each once', async () => {
      const found = await pager.incidents(['inc-none', 'inc-1:sev-2', 'inc-1:sev-2']);
      expect(found.map(({ key }) => key)).toEqual(['inc-1:sev-2']);
      expect(await pager.incidents([])).toEqual([]);
    });

    it('says who acknowledged, and when; the same key then calls nobody', async () => {
      opened.acknowledgeAs('inc-1:sev-2', ON_CALL);
      await trigger('inc-1:sev-2');
      expect(await one('inc-1:sev-2')).toMatchObject({
        state: 'acknowledged',
        acknowledgedBy: [{ user: ON_CALL, at: expect.any(Date) }],
      });
      expect(opened.rings('inc-1:sev-2')).toEqual([ON_CALL]);
    });

    it('calls again under the key of a raised severity, although the lower one was acknowledged', async () => {
      await trigger('inc-1:sev-1');
      expect(opened.rings('inc-1:sev-1')).toEqual([ON_CALL]);
    });

    it('counts an acknowledgement of our own as nobody’s', async () => {
      await pager.acknowledge('inc-1:sev-1');
      await opened.settled();
      expect(await one('inc-1:sev-1')).toMatchObject({ state: 'acknowledged', acknowledgedBy: [] });
    });

    it('calls others besides, and nobody who was called already', async () => {
      expect(await pager.callAlso('inc-1:sev-1', [JANE, ON_CALL, JANE])).toBe(true);
      expect(await pager.callAlso('inc-1:sev-1', [JANE, ALEX])).toBe(true);
      expect(await pager.callAlso('inc-1:sev-1', [ALEX])).toBe(true);
      expect(opened.rings('inc-1:sev-1')).toEqual([ON_CALL, JANE, ALEX]);
      // Being called besides takes nothing from whoever has it.
      expect(await one('inc-1:sev-1')).toMatchObject({ state: 'acknowledged' });
    });

    it('calls nobody besides where nothing is open, or without a token', async () => {
      expect(await pager.callAlso('inc-none', [JANE])).toBe(false);
      expect(await opened.tokenless.callAlso('inc-1:sev-1', [JANE])).toBe(false);
      expect(await opened.tokenless.incidents(['inc-1:sev-1'])).toEqual([]);
    });

    it('opens another incident under a key whose first one is over', async () => {
      const first = await one('inc-1:sev-1');
      await pager.resolve('inc-1:sev-1');
      await opened.settled();
      expect(await one('inc-1:sev-1')).toMatchObject({ state: 'resolved' });
      expect(await pager.callAlso('inc-1:sev-1', [JANE])).toBe(false);
      await trigger('inc-1:sev-1');
      const second = await one('inc-1:sev-1');
      expect(second).toMatchObject({ state: 'triggered' });
      expect(second?.id).not.toBe(first?.id);
      expect(opened.rings('inc-1:sev-1')).toEqual([ON_CALL, JANE, ALEX, ON_CALL]);
      await pager.resolve('inc-1:sev-1');
      await opened.settled();
      expect(await one('inc-1:sev-1')).toMatchObject({ id: second?.id, state: 'resolved' });
    });

    it('takes acknowledgements and ends of what it does not know, without a word', async () => {
      await pager.acknowledge('inc-none');
      await pager.resolve('inc-none');
      await opened.settled();
      expect(await pager.incidents(['inc-none'])).toEqual([]);
    });

    it('calls once where an answer was lost and the call is repeated', async () => {
      opened.loseAnswer();
      await expect(pager.trigger(pageFor('inc-2'))).rejects.toMatchObject({
        code: 'PAGER_UNAVAILABLE',
        kind: 'transient',
      });
      await trigger('inc-2');
      expect(opened.rings('inc-2')).toEqual([ON_CALL]);
    });

    it('passes on how long it is asked to wait', async () => {
      opened.limit(7);
      await expect(pager.trigger(pageFor('inc-3'))).rejects.toMatchObject({
        code: 'PAGER_UNAVAILABLE',
        data: { retryAfterMs: 7000 },
      });
      await opened.settled();
      expect(opened.rings('inc-3')).toEqual([]);
    });

    it('is unavailable while it is down, says so soon, and works again by itself', async () => {
      opened.setAlive(false);
      const startedAt = performance.now();
      await expect(pager.trigger(pageFor('inc-4'))).rejects.toMatchObject({ code: 'PAGER_UNAVAILABLE' });
      await expect(pager.incidents(['inc-4'])).rejects.toMatchObject({ code: 'PAGER_UNAVAILABLE' });
      await expect(pager.check()).rejects.toMatchObject({ code: 'PAGER_UNAVAILABLE' });
      expect(performance.now() - startedAt).toBeLessThan(6000);
      opened.setAlive(true);
      await trigger('inc-4');
      expect(opened.rings('inc-4')).toEqual([ON_CALL]);
    });

    it('says what it can do with the keys that it has, and calls nobody for that', async () => {
      expect(await pager.check()).toEqual({ events: true, rest: true });
      expect(await opened.tokenless.check()).toEqual({ events: true, rest: false });
      await opened.settled();
      expect((await pager.incidents(['inc-4'])).length).toBe(1);
    });
  });
}
