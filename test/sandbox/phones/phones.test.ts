import { createHmac } from 'node:crypto';
import { fetch } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Phones, startPhones } from '#sandbox/phones';

/** Stands still, so that a second too old and a second too early are just that. */
const NOW = Date.parse('2026-11-23T08:00:00Z');

let phones: Phones;
beforeAll(async () => {
  phones = await startPhones({}, () => NOW);
});
afterAll(() => phones.stop());

const sms = { id: 'a', kind: 'sms', to: '+1-555-0101', text: 'SEV-1' };

/** A message as anybody would send it, with one thing changed. */
async function send(
  message: object,
  change: { secret?: string; ageSeconds?: number; key?: string; kind?: string } = {},
) {
  const body = JSON.stringify(message);
  const timestamp = String(NOW / 1000 - (change.ageSeconds ?? 0));
  const mac = createHmac('sha256', change.secret ?? phones.secret)
    .update(`${timestamp}.${body}`)
    .digest('hex');
  const response = await fetch(`${phones.url}/${change.kind ?? 'sms'}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': change.key ?? 'a',
      'x-holdfast-timestamp': timestamp,
      'x-holdfast-signature': `v1=${mac}`,
    },
  });
  return [response.status, await response.text()] as const;
}

it('a telephone rings for a right message, once for an id', async () => {
  expect(await send(sms)).toEqual([202, '{"id":"a"}']);
  expect(await send(sms)).toEqual([200, '{"id":"a"}']);
  expect(phones.received).toMatchObject([{ id: 'a', kind: 'sms', to: '+1-555-0101', text: 'SEV-1' }]);
  expect(phones.repeated).toBe(1);
});

it('the gateway refuses what a real one would', async () => {
  const before = phones.received.length;
  const refusals = [
    [await send(sms, { secret: 'another' }), 401, /signature/],
    [await send(sms, { ageSeconds: 301 }), 401, /too old/],
    [await send(sms, { ageSeconds: -301 }), 401, /too old/],
    [await send(sms, { key: 'b' }), 400, /differ/],
    [await send({ ...sms, to: 'John' }), 400, /to/],
    [await send({ ...sms, id: 'b', text: 'x'.repeat(161) }, { key: 'b' }), 400, /161 septets/],
    [await send({ ...sms, id: 'b', text: '€'.repeat(81) }, { key: 'b' }), 400, /162 septets/],
    [await send({ ...sms, id: 'b', text: '✓' }, { key: 'b' }), 400, /GSM/],
    [await send({ ...sms, id: 'b', kind: 'voice' }, { key: 'b' }), 400, /address for sms/],
    [await send({ ...sms, subject: 'none in an SMS' }), 400, /subject/],
  ] as const;
  for (const [[status, why], expected, words] of refusals)
    expect([status, why]).toEqual([expected, expect.stringMatching(words)]);
  expect(phones.received).toHaveLength(before);
});

it('a page on this machine sees what every telephone received, and nobody from elsewhere', async () => {
  const state = (origin?: string) => fetch(`${phones.controlUrl}/state`, { headers: origin ? { origin } : {} });
  expect((await state('http://evil.example')).status).toBe(403);
  expect(await (await state()).json()).toMatchObject({ received: [{ to: '+1-555-0101' }] });
});
