import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetch, type RequestInit } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { alex, client, refusal, socketApp, workspace } from './helpers.ts';

describe('faults', () => {
  it('cut Slack off: connections are refused, people cannot type, and it comes back on the same port', async () => {
    const slack = await workspace();
    const api = client(slack);
    await slack.break({ kind: 'cut', seconds: 60 });
    expect((await refusal(api.auth.test())).error).toContain('fetch failed');
    expect(await slack.asUser(alex).slash('/dr status')).toMatchObject({ error: 'slack_unreachable' });
    await slack.mend();
    expect((await api.auth.test()).ok).toBe(true);
  });

  it('hang: a request gets no answer until the cut ends by itself', async () => {
    const slack = await workspace();
    await slack.break({ kind: 'cut', seconds: 0.3, how: 'hang' });
    const started = Date.now();
    await expect(client(slack).auth.test()).rejects.toThrow();
    expect(Date.now() - started).toBeGreaterThan(200);
    expect(slack.isCut).toBe(false);
  });

  it('strike the named methods, so many times', async () => {
    const slack = await workspace();
    const api = client(slack);
    await slack.break({ kind: 'server_errors', count: 1, methods: ['chat.postMessage'] });
    await slack.break({ kind: 'rate_limit', count: 1, retryAfterSeconds: 7, methods: ['auth.test'] });
    await expect(api.auth.test()).rejects.toMatchObject({ retryAfter: 7 });
    expect((await api.auth.test()).ok).toBe(true);
    const post = () => api.chat.postMessage({ channel: slack.channel.id, text: 'x' });
    await expect(post()).rejects.toMatchObject({ statusCode: 500 });
    expect((await post()).ok).toBe(true);
  });

  it('lose an answer after the call took effect', async () => {
    const slack = await workspace();
    await slack.break({ kind: 'lost_answers', count: 1 });
    await expect(client(slack).chat.postMessage({ channel: slack.channel.id, text: 'x' })).rejects.toThrow();
    expect(slack.messages()).toHaveLength(1);
  });

  it('drop the sockets of an app, which then gets nothing', async () => {
    const slack = await workspace();
    await socketApp(slack, (app) => app.command('/dr', async ({ ack }) => ack()));
    await slack.break({ kind: 'drop_sockets' });
    await slack.waitFor(() => slack.connections === 0, 2000, 'no socket');
    expect(await slack.asUser(alex).slash('/dr status')).toMatchObject({ error: 'dispatch_failed' });
  });
});

describe('the control API', () => {
  it('breaks, mends and shows, for this machine only', async () => {
    const slack = await workspace();
    const call = (path: string, init: RequestInit = {}) => fetch(`${slack.controlUrl}${path}`, init);
    const json = { 'content-type': 'application/json' };
    const cut = JSON.stringify({ kind: 'cut', seconds: 60 });
    expect((await call('/faults', { method: 'POST', body: cut, headers: json })).status).toBe(200);
    expect(slack.isCut).toBe(true);
    expect((await call('/faults', { method: 'DELETE' })).status).toBe(200);
    expect(slack.isCut).toBe(false);
    const say = JSON.stringify({ kind: 'say', as: alex, text: 'hello' });
    await call('/act', { method: 'POST', body: say, headers: json });
    expect(await (await call('/state')).json()).toMatchObject({ messages: [{ text: 'hello', user: alex }] });
    const foreign = await call('/faults', { method: 'DELETE', headers: { origin: 'https://elsewhere.example' } });
    expect(foreign.status).toBe(403);
    expect((await call('/faults', { method: 'POST', body: '{}', headers: json })).status).toBe(400);
  });
});

describe('a workspace with a folder', () => {
  it('has its messages again after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slack-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const before = await workspace({ folder });
    const { ts } = before.asUser(alex).say('kept');
    await before.stop();
    const after = await workspace({ folder });
    expect(after.messages()).toMatchObject([{ ts, text: 'kept' }]);
    expect(after.channel.id).toBe(before.channel.id);
  });
});
