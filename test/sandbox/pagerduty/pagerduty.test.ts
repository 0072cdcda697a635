import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetch } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { accountPeople, type PagerDuty, type PagerDutyOptionsInput, startPagerDuty } from '#sandbox/pagerduty';

let pagerDuty: PagerDuty;
let now = Date.parse('2026-11-23T08:00:00Z');

const start = async (more: Partial<PagerDutyOptionsInput> = {}): Promise<void> => {
  pagerDuty = await startPagerDuty(
    { people: accountPeople, userTokens: { 'token-of-jane': 'PJANEDOE' }, ...more },
    () => now,
  );
};
afterEach(() => pagerDuty.stop());

interface Answer {
  readonly status: number;
  readonly body: { readonly [field: string]: unknown };
  readonly headers: { get(name: string): string | null };
}

async function call(
  method: string,
  path: string,
  given: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = given === undefined ? {} : { body: JSON.stringify(given) };
  const type = given === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(`${pagerDuty.url}${path}`, { method, ...body, headers: { ...type, ...headers } });
  return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers };
}

const event = (change: Record<string, unknown> = {}) => ({
  routing_key: pagerDuty.routingKey,
  event_action: 'trigger',
  dedup_key: 'k',
  payload: { summary: 's', source: 'us-east-1', severity: 'critical' },
  ...change,
});
const enqueue = async (change: Record<string, unknown> = {}): Promise<Answer> => {
  const answer = await call('POST', '/v2/enqueue', event(change));
  await pagerDuty.settled();
  return answer;
};
const rest = (method: string, path: string, given?: unknown, headers: Record<string, string> = {}) =>
  call(method, path, given, { authorization: `Token token=${pagerDuty.accountToken}`, ...headers });
const FROM = { from: 'alex.chen@eld.example' };

describe('events of the PagerDuty double', () => {
  it('are refused where the real ones are, with all reasons at once', async () => {
    await start();
    const payload = event().payload;
    const refusals: readonly [Record<string, unknown>, RegExp][] = [
      [{ routing_key: undefined }, /'routing_key' is missing/],
      [{ routing_key: 'short' }, /should be 32 characters/],
      [{ routing_key: 'x'.repeat(32) }, /Invalid routing key/],
      [{ event_action: 'page' }, /'event_action'/],
      [{ payload: undefined }, /'payload' is missing/],
      [{ payload: { ...payload, summary: 'x'.repeat(1_025) } }, /too long/],
      [{ payload: { ...payload, severity: 'sev-1' } }, /must be one of the following: critical, warning, error, info/],
      [{ payload: { summary: 's' } }, /source.*severity/],
      [{ dedup_key: 'x'.repeat(256) }, /255/],
      [{ event_action: 'acknowledge', dedup_key: undefined }, /'dedup_key' is missing/],
      [{ event_action: 'resolve', dedup_key: '' }, /'dedup_key' is missing/],
      [{ links: [{ text: 'no href' }] }, /'links'/],
    ];
    for (const [change, why] of refusals) {
      const { status, body } = await enqueue(change);
      expect([status, body['status'], JSON.stringify(body['errors'])]).toEqual([
        400,
        'invalid event',
        expect.stringMatching(why),
      ]);
    }
    const large = { ...payload, custom_details: { all: 'x'.repeat(512_001) } };
    expect((await enqueue({ payload: large })).status).toBe(413);
    expect(pagerDuty.incidents).toEqual([]);
  });

  it('become incidents a moment after they were accepted, one for a key until that is over', async () => {
    await start();
    expect((await call('POST', '/v2/enqueue', event())).status).toBe(202);
    expect(pagerDuty.incidents).toEqual([]);
    await pagerDuty.settled();
    await enqueue();
    await enqueue({ event_action: 'acknowledge' });
    await enqueue();
    expect(pagerDuty.incidents).toMatchObject([{ status: 'acknowledged', alsoTriggered: 2 }]);
    await enqueue({ event_action: 'resolve' });
    await enqueue({ event_action: 'acknowledge' });
    await enqueue();
    expect(pagerDuty.incidents.map(({ status }) => status)).toEqual(['resolved', 'triggered']);
    expect(pagerDuty.notifications.map(({ user }) => user)).toEqual(['PJSMITH1', 'PJSMITH1']);
    const { body } = await enqueue({ dedup_key: undefined });
    expect(body['dedup_key']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('are taken 120 times a minute for a key; more are refused and become nothing', async () => {
    await start({ limits: { eventsPerMinute: 3, ingestAfterMs: 0 } });
    const statuses: number[] = [];
    for (let time = 0; time < 5; time += 1) statuses.push((await enqueue({ dedup_key: `k${time}` })).status);
    expect(statuses).toEqual([202, 202, 202, 429, 429]);
    expect(pagerDuty.incidents).toHaveLength(3);
    now += 60_001;
    expect((await enqueue({ dedup_key: 'k9' })).status).toBe(202);
  });
});

describe('REST of the PagerDuty double', () => {
  it('wants a token in the one form it takes, and a name for what is changed', async () => {
    await start();
    await enqueue();
    const [incident] = pagerDuty.incidents;
    const path = `/incidents/${incident?.id}`;
    const update = { incident: { type: 'incident_reference', status: 'acknowledged' } };
    const token = (given: string) => rest('GET', '/incidents', undefined, { authorization: given });
    for (const given of ['', `Bearer ${pagerDuty.accountToken}`, pagerDuty.accountToken, 'Token token=another']) {
      expect(await token(given)).toMatchObject({ status: 401, body: { error: { code: 2006 } } });
    }
    expect(await rest('PUT', path, update)).toMatchObject({ status: 400, body: { error: { code: 2011 } } });
    const nobody = { from: 'nobody@eld.example' };
    expect(await rest('PUT', path, update, nobody)).toMatchObject({ status: 400, body: { error: { code: 1008 } } });
    const readOnly = { ...FROM, authorization: `Token token=${pagerDuty.readOnlyToken}` };
    expect(await rest('PUT', path, update, readOnly)).toMatchObject({ status: 403 });
    expect(pagerDuty.incidents[0]?.status).toBe('triggered');
    expect((await rest('PUT', path, update, { authorization: 'Token token=token-of-jane' })).status).toBe(200);
    expect(pagerDuty.incidents[0]?.acknowledgements).toMatchObject([
      { by: { type: 'user_reference', id: 'PJANEDOE' } },
    ]);
    expect((await rest('PUT', path, { incident: { type: 'incident', status: 'resolved' } }, FROM)).status).toBe(200);
    expect(await rest('PUT', path, update, FROM)).toMatchObject({ status: 400, body: { error: { code: 1001 } } });
    expect((await rest('PUT', '/incidents/QNONE', update, FROM)).status).toBe(404);
  });

  it('knows who a personal token is, and nobody behind the account’s', async () => {
    await start();
    const me = await rest('GET', '/users/me', undefined, { authorization: 'Token token=token-of-jane' });
    expect(me.body).toMatchObject({ user: { id: 'PJANEDOE', email: 'jane.doe@eld.example' } });
    expect((await rest('GET', '/users/me')).status).toBe(400);
    expect((await rest('GET', '/oncalls')).body).toMatchObject({ oncalls: [{ user: { id: 'PJSMITH1' } }] });
  });

  it('calls responders besides, again with each request, and refuses whom it does not know', async () => {
    await start();
    await enqueue();
    const path = `/incidents/${pagerDuty.incidents[0]?.id}/responder_requests`;
    const order = (id: string, requester = 'PALXCHEN') => ({
      requester_id: requester,
      message: 'help',
      responder_request_targets: [{ responder_request_target: { id, type: 'user_reference' } }],
    });
    expect((await rest('POST', path, order('PNOBODY1'), FROM)).status).toBe(400);
    expect((await rest('POST', path, order('PJANEDOE', 'PNOBODY1'), FROM)).status).toBe(400);
    expect((await rest('POST', path, { message: 'help' }, FROM)).status).toBe(400);
    for (let time = 0; time < 2; time += 1)
      expect((await rest('POST', path, order('PJANEDOE'), FROM)).status).toBe(200);
    expect(pagerDuty.notifications.map(({ user, why }) => `${user} ${why}`)).toEqual([
      'PJSMITH1 assigned',
      'PJANEDOE responder_request',
      'PJANEDOE responder_request',
    ]);
    pagerDuty.as('PJANEDOE').reply('k', 'joined');
    expect(pagerDuty.incidents[0]?.responders).toMatchObject([{ user: 'PJANEDOE', state: 'joined' }]);
    expect(() => pagerDuty.as('PLBROWN1').reply('k', 'joined')).toThrow(/can not be done/);
  });

  it('names the time to wait when there were too many calls', async () => {
    await start({ limits: { restPerMinute: 2 } });
    await rest('GET', '/incidents');
    await rest('GET', '/incidents');
    const refused = await rest('GET', '/incidents');
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 2020 } } });
    expect(Number(refused.headers.get('ratelimit-reset'))).toBeGreaterThan(0);
  });

  it('keeps incidents over a restart when it has a folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hf-pagerduty-'));
    await start({ folder });
    await enqueue();
    await pagerDuty.stop();
    await start({ folder });
    expect(pagerDuty.incidents).toMatchObject([{ key: 'k', status: 'triggered' }]);
    await pagerDuty.stop();
    rmSync(folder, { recursive: true });
  });

  it('lets a page on this machine see and act, and nobody from elsewhere', async () => {
    await start();
    await enqueue();
    const control = (path: string, body?: object, headers: Record<string, string> = {}) =>
      fetch(`${pagerDuty.controlUrl}${path}`, {
        method: body ? 'POST' : 'GET',
        ...(body ? { body: JSON.stringify(body) } : {}),
        headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      });
    expect((await control('/state', undefined, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await control('/act', { kind: 'acknowledge', as: 'PALXCHEN', incident: 'k' })).status).toBe(200);
    expect((await control('/act', { kind: 'acknowledge', as: 'PNOBODY1', incident: 'k' })).status).toBe(400);
    expect((await control('/faults', { kind: 'status', part: 'rest' })).status).toBe(200);
    expect((await control('/faults', { kind: 'plague' })).status).toBe(400);
    const broken = await fetch(`${pagerDuty.url}/incidents`);
    expect(broken.status).toBe(503);
    const state = (await (await control('/state')).json()) as { incidents: object[]; notifications: object[] };
    expect(state).toMatchObject({ incidents: [{ status: 'acknowledged' }], notifications: [{ user: 'PJSMITH1' }] });
  });
});
