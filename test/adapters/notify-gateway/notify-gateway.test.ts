import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSettableClock } from '#adapters/memory';
import { notifyGateway } from '#adapters/notify-gateway';
import { systemClock } from '#core';
import type { NotifierKind } from '#ports';
import type { SicknessInput } from '#sandbox/hostile';
import { type Phones, startPhones } from '#sandbox/phones';
import { notice, notifierContract } from '../../contract/notifier.contract.ts';

const gatewayTo = (
  phones: Phones,
  kind: NotifierKind = 'sms',
  more: Partial<Parameters<typeof notifyGateway>[0]> = {},
) => notifyGateway({ kind, url: phones.urls[kind], secret: phones.secret, clock: systemClock, ...more });

describe('the notifier on a gateway', () => {
  notifierContract(async () => {
    const phones = await startPhones();
    return {
      notifier: gatewayTo(phones),
      delivered: () => phones.received.map(({ id }) => id),
      loseAnswer: () => phones.break({ kind: 'lost_answer' }),
      limit: (retryAfterSeconds) => phones.break({ kind: 'rate_limit', retryAfterSeconds }),
      setAlive: (alive) => (alive ? phones.mend() : phones.break({ kind: 'hang_up', count: 1_000 })),
      close: () => phones.stop(),
    };
  });

  describe('besides', () => {
    let phones: Phones;
    beforeAll(async () => {
      phones = await startPhones();
    });
    afterAll(() => phones.stop());
    const last = () => phones.received.at(-1);

    const unavailable = { code: 'NOTIFIER_UNAVAILABLE', kind: 'transient' };
    const sicknesses: readonly [string, SicknessInput, object][] = [
      ['that says 503', { kind: 'status', status: 503 }, unavailable],
      ['that says 200 with another page', { kind: 'garbage' }, unavailable],
      ['that speaks no HTTP', { kind: 'not_http' }, unavailable],
      ['that sends without end', { kind: 'huge', megabytes: 100_000 }, unavailable],
      ['that is silent', { kind: 'silence' }, unavailable],
      ['that answers byte by byte', { kind: 'slow_bytes', everyMs: 20 }, unavailable],
      [
        'that sends us elsewhere',
        { kind: 'redirect', to: 'http://127.0.0.1:1/' },
        { code: 'NOTIFIER_REFUSED', data: { status: 302 } },
      ],
    ];
    it.each(sicknesses)(
      'a gateway %s is told of within the deadline, and asked once',
      async (_, sickness, expected) => {
        const endless = sickness.kind === 'silence' || sickness.kind === 'slow_bytes';
        phones.break(sickness);
        const startedAt = performance.now();
        const sent = gatewayTo(phones, 'sms', endless ? { timeoutMs: 250 } : {}).send(notice('sick'));
        await expect(sent).rejects.toMatchObject(expected);
        expect(performance.now() - startedAt).toBeLessThan(endless ? 1_500 : 4_000);
        phones.mend();
      },
    );

    it('cuts an SMS to one message of GSM letters; a mail keeps its text and gets its subject', async () => {
      const text = `“Drivers” can’t save ✓ ${'logs '.repeat(60)}`;
      await gatewayTo(phones).send(notice('sms-1', text));
      expect(last()).toMatchObject({
        kind: 'sms',
        to: '+1-555-0101',
        text: expect.stringMatching(/^"Drivers" can't save \?/),
      });
      expect(last()?.text).toHaveLength(160);
      expect(last()).not.toHaveProperty('subject');
      await gatewayTo(phones, 'email').send({ ...notice('mail-1', text), to: 'john.smith@eld.example' });
      expect(last()).toMatchObject({ kind: 'email', subject: 'SEV-1 INC-17', text });
    });

    it('is refused with another secret, or by a clock that is ten minutes slow, and says neither secret nor number', async () => {
      const before = phones.received.length;
      const forged = gatewayTo(phones, 'sms', { secret: 'another-secret-altogether' });
      const error = await forged.send(notice('x')).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({
        code: 'NOTIFIER_REFUSED',
        kind: 'permanent',
        data: { status: 401, word: 'The signature is wrong.' },
        hint: expect.stringContaining('HOLDFAST_GATEWAY_SECRET'),
      });
      expect(JSON.stringify([error, String(error)])).not.toMatch(/another-secret|555-0101/);
      const slow = createSettableClock(new Date(Date.now() - 600_000));
      await expect(gatewayTo(phones, 'sms', { clock: slow }).send(notice('y'))).rejects.toMatchObject({
        data: { word: 'The message is too old.' },
      });
      expect(phones.received).toHaveLength(before);
    });

    it('gives the gateway’s word for what it refuses', async () => {
      await expect(gatewayTo(phones).send({ ...notice('z'), to: 'John' })).rejects.toMatchObject({
        code: 'NOTIFIER_REFUSED',
        data: { status: 400, word: expect.stringContaining('to') },
      });
    });

    it('can be asked without telling anybody anything', async () => {
      const before = phones.received.length;
      for (const kind of ['sms', 'voice', 'email', 'webhook'] as const) await gatewayTo(phones, kind).check();
      expect(phones.received).toHaveLength(before);
      await expect(gatewayTo(phones, 'sms', { secret: 'another-secret' }).check()).rejects.toMatchObject({
        code: 'NOTIFIER_REFUSED',
      });
      await expect(gatewayTo(phones, 'sms', { url: 'http://127.0.0.1:1/' }).check()).rejects.toMatchObject(unavailable);
    });
  });
});
