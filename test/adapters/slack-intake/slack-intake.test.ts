import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetch, type Response } from 'undici';
import { describe, expect, test } from 'vitest';
import { DrError } from '#core';
import { intakeBench } from './intake-bench.ts';

const ALEX = 'U0ALEXCHEN';
const SECRET = 'sandbox-signing-secret';

const command = (text: string): string =>
  new URLSearchParams({
    command: '/dr',
    text,
    team_id: 'T0ELDCORP',
    user_id: ALEX,
    channel_id: 'C1',
    trigger_id: `t-${text}`,
  }).toString();

/** Posts as Slack does; what is wrong with it is given. */
function post(
  url: string,
  body: string,
  { secret = SECRET, ageSeconds = 0, signed = body }: { secret?: string; ageSeconds?: number; signed?: string } = {},
): Promise<Response> {
  const timestamp = Math.floor(Date.now() / 1000) - ageSeconds;
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${signed}`).digest('hex');
  return fetch(`${url}/slack/commands`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': `v0=${signature}`,
    },
  });
}

describe('over HTTP', () => {
  test('only what Slack signed, unchanged and in the last five minutes, is taken', async () => {
    const { url, stored } = await intakeBench('http');
    expect((await post(url, command('status'))).status).toBe(200);
    expect(stored).toHaveLength(1);
    expect((await post(url, command('forged'), { secret: 'not-the-secret' })).status).toBe(401);
    expect((await post(url, command('replayed'), { ageSeconds: 400 })).status).toBe(401);
    expect((await post(url, command('changed'), { signed: command('other') })).status).toBe(401);
    const bare = await fetch(`${url}/slack/commands`, { method: 'POST', body: command('bare') });
    expect(bare.status).toBe(401);
    expect(stored).toHaveLength(1);
  });

  test('what could not be stored is not acknowledged', async () => {
    const { slack, handled } = await intakeBench('http', async () => {
      throw new DrError('STORE_UNAVAILABLE', 'transient', 'The disk is full.');
    });
    expect(await slack.asUser(ALEX).slash('/dr status')).toMatchObject({ ok: false, error: 'http_service_error' });
    expect(handled).toEqual([]);
  });

  test('what is nothing for us is acknowledged and dropped', async () => {
    const { url, stored } = await intakeBench('http');
    const payload = new URLSearchParams({ payload: JSON.stringify({ type: 'something_new', team: 5 }) }).toString();
    expect((await post(url, payload)).status).toBe(200);
    expect(stored).toEqual([]);
  });
});

describe('over Socket Mode', () => {
  test('it is there again at once after Slack was away, however long that was', async () => {
    const { slack } = await intakeBench('socket');
    await slack.break({ kind: 'cut', seconds: 60, how: 'refuse' });
    // Long enough that waiting longer and longer between two tries would show.
    await sleep(6_500);
    await slack.mend();
    await slack.waitFor(() => slack.connections > 0, 1_000, 'the socket');
    expect(await slack.asUser(ALEX).slash('/dr status')).toMatchObject({ ok: true });
  });

  test('what could not be stored is not acknowledged', async () => {
    const { slack, handled } = await intakeBench(
      'socket',
      async () => {
        throw new DrError('STORE_UNAVAILABLE', 'transient', 'The disk is full.');
      },
      { limits: { ackWithinMs: 400 } },
    );
    expect(await slack.asUser(ALEX).slash('/dr status')).toMatchObject({ ok: false });
    expect(handled).toEqual([]);
  });
});

describe.each(['http', 'socket'] as const)('%s', (mode) => {
  test('is stored before it is acknowledged, and handled after', async () => {
    const order: string[] = [];
    const { slack, handled } = await intakeBench(mode, async ({ kind }) => {
      await sleep(100);
      order.push(`stored ${kind}`);
      return ['R-1 received.'];
    });
    const outcome = await slack.asUser(ALEX).slash('/dr failover us-west-2');
    order.push('acknowledged');
    expect(outcome).toMatchObject({ ok: true });
    expect(order).toEqual(['stored command', 'acknowledged']);
    expect(slack.ephemerals(ALEX).map(({ text }) => text)).toContain('R-1 received.');
    await slack.waitFor(() => handled.length === 1, 2_000, 'the command is handled');
    expect(handled[0]).toMatchObject({
      incoming: { kind: 'command', team: 'T0ELDCORP', user: ALEX, text: 'failover us-west-2' },
      live: { trigger: expect.any(String), answerAddress: expect.stringMatching(/^http/) },
    });
    // What must never be kept is not in the lasting part.
    expect(JSON.stringify(handled[0]?.incoming)).not.toContain('http');
  });

  test('a store that hangs keeps the acknowledgement back, not the other payloads', async () => {
    const { slack, stored } = await intakeBench(mode, async (incoming) => {
      if (incoming.kind === 'command' && incoming.text === 'slow') await sleep(1_000);
      return undefined;
    });
    const startedAt = performance.now();
    const slow = slack.asUser(ALEX).slash('/dr slow');
    expect(await slack.asUser(ALEX).slash('/dr quick')).toMatchObject({ ok: true });
    expect(performance.now() - startedAt).toBeLessThan(900);
    expect(await slow).toMatchObject({ ok: true });
    expect(stored).toHaveLength(2);
  });
});
