import { fetch } from 'undici';
import { describe, expect, it } from 'vitest';
import { alex, card, client, socketApp, workspace } from './helpers.ts';

async function post(url: string, body: unknown): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return { status: response.status, text: await response.text() };
}

describe('response_url', () => {
  it('takes five answers within 30 minutes', async () => {
    let nowMs = Date.now();
    const slack = await workspace({}, () => nowMs);
    const urls: string[] = [];
    await socketApp(slack, (app) =>
      app.command('/dr', async ({ ack, command }) => {
        urls.push(command.response_url);
        await ack();
      }),
    );
    await slack.asUser(alex).slash('/dr one');
    await slack.asUser(alex).slash('/dr two');
    const [first = '', second = ''] = urls;
    for (let n = 0; n < 5; n++) expect((await post(first, { text: `answer ${n}` })).status).toBe(200);
    expect(await post(first, { text: 'sixth' })).toMatchObject({
      status: 404,
      text: expect.stringContaining('used_url'),
    });
    nowMs += 30 * 60_000 + 1;
    expect(await post(second, { text: 'late' })).toMatchObject({
      status: 404,
      text: expect.stringContaining('expired_url'),
    });
    expect(slack.ephemerals(alex)).toHaveLength(5);
  });

  it('replaces and deletes the message that was clicked, ephemeral or not', async () => {
    const slack = await workspace();
    const api = client(slack);
    await socketApp(slack, (app) =>
      app.action('approve', async ({ ack, respond, action }) => {
        await ack();
        const how = action.type === 'button' ? action.value : '';
        if (how === 'delete') await respond({ delete_original: true });
        else await respond({ replace_original: true, text: 'replaced' });
      }),
    );
    const channel = slack.channel.id;
    const posted = await api.chat.postMessage({ channel, text: 'card', blocks: card('x', 'replace') });
    await slack.asUser(alex).click(posted.ts ?? '', 'approve');
    await slack.waitFor(() => slack.messages()[0]?.text === 'replaced', 2000, 'the replacement');
    const seen = await api.chat.postEphemeral({ channel, user: alex, text: 'only you', blocks: card('x', 'delete') });
    expect(slack.ephemerals(alex)).toHaveLength(1);
    await slack.asUser(alex).click(seen.message_ts ?? '', 'approve');
    await slack.waitFor(() => slack.ephemerals(alex).length === 0, 2000, 'the deletion');
  });

  it('refuses blocks as the Web API does', async () => {
    const slack = await workspace();
    let url = '';
    await socketApp(slack, (app) =>
      app.command('/dr', async ({ ack, command }) => {
        url = command.response_url;
        await ack();
      }),
    );
    await slack.asUser(alex).slash('/dr x');
    expect((await post(url, { blocks: [{ type: 'nope' }] })).text).toContain('invalid_blocks');
    expect((await post(url, {})).text).toContain('no_text');
  });
});
