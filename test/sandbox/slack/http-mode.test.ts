import { describe, expect, it } from 'vitest';
import { alex, card, client, httpApp, rawApp, workspace } from './helpers.ts';

describe('a real Bolt app behind HTTP', () => {
  it('verifies signed requests and answers commands, clicks and events', async () => {
    const slack = await workspace({ mode: 'http' });
    const seen: string[] = [];
    await httpApp(slack, (app) => {
      app.command('/dr', async ({ ack, command }) => ack({ response_type: 'in_channel', text: `did ${command.text}` }));
      app.action('approve', async ({ ack, action }) => {
        seen.push(`click ${action.type === 'button' ? action.value : ''}`);
        await ack();
      });
      app.event('app_mention', async () => void seen.push('mention'));
    });
    expect(await slack.asUser(alex).slash('/dr backup')).toMatchObject({ ok: true });
    expect(slack.messages()[0]?.text).toBe('did backup');
    const posted = await client(slack).chat.postMessage({ channel: slack.channel.id, text: 'card', blocks: card() });
    await slack.asUser(alex).click(posted.ts ?? '', 'approve');
    slack.asUser(alex).say('@Holdfast status');
    await slack.waitFor(() => seen.includes('mention'), 2000, 'the mention');
    expect(seen).toContain('click R-42');
  });

  it('is refused by the app when the signature is made with another secret', async () => {
    const slack = await workspace({ mode: 'http' });
    const url = await httpApp(slack, (app) => app.command('/dr', async ({ ack }) => ack()));
    const other = await workspace({ mode: 'http', signingSecret: 'another-secret' });
    await expect(other.useRequestUrl(url)).rejects.toThrow('challenge');
  });

  it('sends the retry number and reason after a failure, and stops when told to', async () => {
    const slack = await workspace({ mode: 'http', limits: { eventRetryAfterMs: [0, 20, 20] } });
    const tries: unknown[] = [];
    await rawApp(slack, (request, _body, response) => {
      tries.push([request.headers['x-slack-retry-num'], request.headers['x-slack-retry-reason']]);
      response.statusCode = 500;
      if (tries.length === 3) response.setHeader('x-slack-no-retry', '1');
    });
    slack.asUser(alex).say('hello');
    await slack.waitFor(() => slack.lostEvents.length === 1, 2000, 'the event is given up');
    expect(tries).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
    ]);
  });
});
