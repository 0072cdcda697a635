import { connect } from 'node:net';
import { fetch } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pagerDutyWebhooks } from '#adapters/pagerduty-webhooks';
import { createLogger, systemClock } from '#core';
import type { PagerDelivery, PagerIntake } from '#ports';
import { signatures } from '#sandbox/pagerduty';

const SECRET = 'the-secret-of-the-subscription';
const OLD_SECRET = 'the-secret-before-that-one';

const incidentEvent = (id: string, change: object = {}) => ({
  event: {
    id,
    event_type: 'incident.acknowledged',
    resource_type: 'incident',
    occurred_at: '2026-11-23T08:05:02.169Z',
    agent: { id: 'PALXCHEN', type: 'user_reference', summary: 'Alex Chen' },
    client: null,
    data: { type: 'incident', id: 'QINC1', status: 'acknowledged', incident_key: 'inc-17:sev-1', title: 'words' },
    ...change,
  },
});

describe('PagerDuty’s webhooks', () => {
  let kept: PagerDelivery[];
  let keep: (delivery: PagerDelivery) => Promise<void>;
  let intake: PagerIntake;
  let port: number;

  const open = async (secrets: readonly string[] = [SECRET]): Promise<void> => {
    intake = pagerDutyWebhooks({
      port: 0,
      host: '127.0.0.1',
      secrets,
      keep: (delivery) => keep(delivery),
      clock: systemClock,
      log: createLogger('test', 'silent'),
      bodyWithinMs: 300,
      keepWithinMs: 200,
    });
    ({ port } = await intake.start());
  };
  beforeEach(async () => {
    kept = [];
    keep = async (delivery) => void kept.push(delivery);
    await open();
  });
  afterEach(() => intake.stop());

  const post = async (body: string, signature?: string, more: Record<string, string> = {}): Promise<number> => {
    const signed: Record<string, string> = signature === undefined ? {} : { 'x-pagerduty-signature': signature };
    const response = await fetch(`http://127.0.0.1:${port}/pagerduty`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-webhook-id': 'w-1', ...signed, ...more },
    });
    await response.body?.cancel();
    return response.status;
  };
  const send = (event: object, secrets: readonly string[] = [SECRET]): Promise<number> => {
    const body = JSON.stringify(event);
    return post(body, signatures(body, secrets));
  };

  it('are kept before they are answered: what happened, to what, when, and who did it', async () => {
    expect(await send(incidentEvent('e-1'))).toBe(202);
    expect(kept).toEqual([
      {
        id: 'e-1',
        webhook: 'w-1',
        type: 'incident.acknowledged',
        occurredAt: new Date('2026-11-23T08:05:02.169Z'),
        incident: { id: 'QINC1', key: 'inc-17:sev-1', state: 'acknowledged' },
        who: 'PALXCHEN',
      },
    ]);
    expect(intake.counts()).toMatchObject({ kept: 1, forged: 0 });
  });

  it('say what a person who was called besides answers, by the incident’s id', async () => {
    const data = {
      type: 'incident_responder',
      incident: { id: 'QINC1', type: 'incident_reference' },
      user: { id: 'PJANEDOE', type: 'user_reference' },
      state: 'joined',
    };
    await send(incidentEvent('e-2', { event_type: 'incident.responder.replied', agent: null, data }));
    expect(kept).toMatchObject([{ incident: { id: 'QINC1' }, who: 'PJANEDOE', answer: 'joined' }]);
    expect(kept[0]?.incident.key).toBeUndefined();
  });

  it('are nobody’s doing when a service did it, and may lack their key', async () => {
    const agent = { id: 'PSVC', type: 'service_reference' };
    const data = { type: 'incident', id: 'QINC1', status: 'a-new-state', incident_key: null };
    expect(await send(incidentEvent('e-3', { agent, data }))).toBe(202);
    expect(kept[0]).not.toHaveProperty('who', expect.anything());
    expect(kept[0]?.incident).toEqual({ id: 'QINC1' });
  });

  it('are refused without a signature of ours, whatever they say of themselves, and nothing is kept', async () => {
    const body = JSON.stringify(incidentEvent('e-4'));
    const right = signatures(body, [SECRET]);
    const forged: readonly (string | undefined)[] = [
      undefined,
      '',
      'v1=',
      signatures(body, ['another-secret']),
      signatures(`${body} `, [SECRET]),
      right.replace('v1=', 'v0='),
      right.slice(0, -2),
      `${right}00`,
      right.toUpperCase(),
      `${'v1=00,'.repeat(20)}${right}`,
    ];
    for (const signature of forged) expect([signature, await post(body, signature)]).toEqual([signature, 401]);
    expect(kept).toEqual([]);
    expect(intake.counts()).toMatchObject({ kept: 0, forged: forged.length });
  });

  it('are taken over their bytes as they came, not over what a parser makes of them', async () => {
    const spaced = JSON.stringify(incidentEvent('ü-1'), null, 3).replace('ü', '\\u00fc');
    expect(await post(spaced, signatures(spaced, [SECRET]))).toBe(202);
    expect(kept.map(({ id }) => id)).toEqual(['ü-1']);
  });

  it('may be signed with either of two secrets while it is changed, on both sides', async () => {
    expect(await send(incidentEvent('e-5'), [OLD_SECRET, SECRET])).toBe(202);
    expect(await send(incidentEvent('e-6'), [OLD_SECRET])).toBe(401);
    await intake.stop();
    await open([SECRET, OLD_SECRET]);
    expect(await send(incidentEvent('e-7'), [OLD_SECRET])).toBe(202);
    expect(await send(incidentEvent('e-8'), [SECRET])).toBe(202);
  });

  it('come under the id that is signed, so that a replay under a header of its own is known as one', async () => {
    const body = JSON.stringify(incidentEvent('e-9'));
    await post(body, signatures(body, [SECRET]), { 'x-webhook-id': 'w-1' });
    await post(body, signatures(body, [SECRET]), { 'x-webhook-id': 'made-up' });
    expect(kept.map(({ id, webhook }) => [id, webhook])).toEqual([
      ['e-9', 'w-1'],
      ['e-9', 'made-up'],
    ]);
  });

  it('are asked for again when they could not be kept, or not in time', async () => {
    keep = () => Promise.reject(new Error('no majority'));
    expect(await send(incidentEvent('e-10'))).toBe(503);
    keep = () => new Promise(() => undefined);
    const startedAt = performance.now();
    expect(await send(incidentEvent('e-11'))).toBe(503);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(intake.counts()).toMatchObject({ kept: 0, notKept: 2 });
  });

  it('that are proven and nothing for us are passed over, never refused: PagerDuty would turn itself off', async () => {
    const ping = { event_type: 'pagey.ping', data: { type: 'ping', message: 'Hello' } };
    const nothing: readonly string[] = [
      JSON.stringify(incidentEvent('e-12', ping)),
      JSON.stringify(incidentEvent('e-13', { data: { type: 'service', id: 'PSVC' } })),
      JSON.stringify(incidentEvent('e-14', { occurred_at: 'yesterday' })),
      JSON.stringify(incidentEvent('x'.repeat(500))),
      '{"event":',
      'null',
    ];
    for (const body of nothing) expect([body, await post(body, signatures(body, [SECRET]))]).toEqual([body, 202]);
    expect(kept).toEqual([]);
    expect(intake.counts()).toMatchObject({ passedOver: nothing.length });
  });

  it('of more than 64 KB are refused, signed or not, and of any type of content', async () => {
    const body = JSON.stringify(incidentEvent('e-15', { padding: 'x'.repeat(66_000) }));
    expect(await post(body, signatures(body, [SECRET]))).toBe(413);
    const large = JSON.stringify(incidentEvent('e-16', { padding: 'x'.repeat(60_000) }));
    expect(await post(large, signatures(large, [SECRET]), { 'content-type': 'text/plain' })).toBe(202);
    expect(kept.map(({ id }) => id)).toEqual(['e-16']);
    expect(intake.counts()).toMatchObject({ tooLarge: 1 });
  });

  it('that arrive byte by byte are hung up on, long before they are whole', async () => {
    const startedAt = performance.now();
    const body = JSON.stringify(incidentEvent('e-17'));
    const socket = connect(port, '127.0.0.1');
    const head = `POST /pagerduty HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    socket.write(head);
    const bytes = [...body].values();
    const timer = setInterval(() => socket.write(bytes.next().value ?? ' '), 50);
    socket.resume();
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    clearInterval(timer);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(intake.counts()).toEqual({ kept: 0, passedOver: 0, forged: 0, tooLarge: 0, notKept: 0 });
  });
});
