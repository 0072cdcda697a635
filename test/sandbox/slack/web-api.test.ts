import { describe, expect, it } from 'vitest';
import { alex, card, client, plain, rawApp, refusal, text, workspace } from './helpers.ts';

describe('the Web API, called by the real client', () => {
  it('names the bot, the team and the people', async () => {
    const slack = await workspace();
    const api = client(slack);
    expect(await api.auth.test()).toMatchObject({ ok: true, user_id: slack.app.botUser, team_id: slack.team.id });
    expect((await api.users.list({})).members).toHaveLength(12);
    expect((await api.users.info({ user: alex })).user).toMatchObject({ real_name: 'Alex Chen', tz_offset: -18000 });
    const members = await api.conversations.members({ channel: slack.channel.id });
    expect(members.members).toContain(slack.app.botUser);
    expect((await api.conversations.info({ channel: slack.channel.id })).channel?.name).toBe('incident-response');
  });

  it('posts, threads, edits, reads back with metadata, and deletes', async () => {
    const slack = await workspace();
    const api = client(slack);
    const channel = slack.channel.id;
    const root = await api.chat.postMessage({ channel, text: 'root', blocks: card() });
    const metadata = { event_type: 'timeline', event_payload: { sequence: 7 } };
    const reply = await api.chat.postMessage({ channel, text: 'line', thread_ts: root.ts ?? '', metadata });
    const replies = await api.conversations.replies({ channel, ts: root.ts ?? '', include_all_metadata: true });
    expect(replies.messages?.map((message) => message.text)).toEqual(['root', 'line']);
    expect(replies.messages?.[0]).toMatchObject({ reply_count: 1, latest_reply: reply.ts });
    expect(replies.messages?.[1]?.metadata).toEqual(metadata);
    const bare = await api.conversations.replies({ channel, ts: root.ts ?? '' });
    expect(bare.messages?.[1]?.metadata).toBeUndefined();
    expect((await api.conversations.history({ channel })).messages).toHaveLength(1);
    await api.chat.update({ channel, ts: root.ts ?? '', text: 'only text' });
    expect(slack.messages()[0]?.blocks).toBeUndefined();
    const link = await api.chat.getPermalink({ channel, message_ts: root.ts ?? '' });
    expect(link.permalink).toBe(`https://eld.slack.com/archives/${channel}/p${root.ts?.replace('.', '')}`);
    await api.chat.delete({ channel, ts: reply.ts ?? '' });
    expect(slack.thread(root.ts ?? '')).toHaveLength(1);
  });

  it('reacts, pins and bookmarks once', async () => {
    const slack = await workspace();
    const api = client(slack);
    const channel = slack.channel.id;
    const { ts = '' } = await api.chat.postMessage({ channel, text: 'x' });
    await api.reactions.add({ channel, timestamp: ts, name: 'eyes' });
    expect((await refusal(api.reactions.add({ channel, timestamp: ts, name: 'eyes' }))).error).toBe('already_reacted');
    await api.pins.add({ channel, timestamp: ts });
    expect((await refusal(api.pins.add({ channel, timestamp: ts }))).error).toBe('already_pinned');
    await api.bookmarks.add({ channel_id: channel, title: 'Status', type: 'link', link: 'https://hf.example/' });
    expect(slack.bookmarks).toMatchObject([{ title: 'Status' }]);
    const got = await api.reactions.get({ channel, timestamp: ts });
    expect(got).toMatchObject({ message: { reactions: [{ name: 'eyes', users: [slack.app.botUser] }] } });
  });

  it('opens direct messages and posts to a person', async () => {
    const slack = await workspace();
    const api = client(slack);
    const opened = await api.conversations.open({ users: alex });
    await api.chat.postMessage({ channel: opened.channel?.id ?? '', text: 'A card waits for you.' });
    await api.chat.postMessage({ channel: alex, text: 'Again.' });
    expect(
      slack
        .asUser(alex)
        .direct()
        .map((message) => message.text),
    ).toEqual(['A card waits for you.', 'Again.']);
  });

  it.each([
    ['not_authed', ''],
    ['invalid_auth', 'xoxb-wrong'],
    ['not_allowed_token_type', 'xapp-1-sandbox-holdfast'],
  ])('refuses %s', async (error, token) => {
    const slack = await workspace();
    const call = client(slack, token).chat.postMessage({ channel: slack.channel.id, text: 'x' });
    expect((await refusal(call)).error).toBe(error);
  });

  it('refuses what a person, a channel or a message does not allow', async () => {
    const slack = await workspace();
    const api = client(slack);
    const channel = slack.channel.id;
    const general = slack.channels.find(({ name }) => name === 'general')?.id ?? '';
    const theirs = slack.asUser(alex).say('mine');
    const cases: [string, () => Promise<unknown>][] = [
      ['channel_not_found', () => api.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' })],
      ['not_in_channel', () => api.chat.postMessage({ channel: general, text: 'x' })],
      ['no_text', () => api.chat.postMessage({ channel, text: '' })],
      ['msg_too_long', () => api.chat.postMessage({ channel, text: 'x'.repeat(40_001) })],
      ['message_not_found', () => api.chat.update({ channel, ts: '1.1', text: 'x' })],
      ['cant_update_message', () => api.chat.update({ channel, ts: theirs.ts, text: 'x' })],
      ['cant_delete_message', () => api.chat.delete({ channel, ts: theirs.ts })],
      ['user_not_in_channel', () => api.chat.postEphemeral({ channel, user: 'U0NOBODY', text: 'x' })],
      ['thread_not_found', () => api.conversations.replies({ channel, ts: '1.1' })],
      ['user_not_found', () => api.users.info({ user: 'U0NOBODY' })],
      ['unknown_method', () => api.apiCall('chat.postMassage')],
    ];
    for (const [error, call] of cases) expect((await refusal(call())).error, error).toBe(error);
  });

  it('refuses a call whose scope the token lacks', async () => {
    const slack = await workspace({ scopes: ['chat:write'] });
    const call = client(slack).pins.add({ channel: slack.channel.id, timestamp: '1.1' });
    expect((await refusal(call)).error).toBe('missing_scope');
  });

  it('allows a short burst of posts in a channel, then says how long to wait', async () => {
    const slack = await workspace({ limits: { postBurst: 3 } });
    const api = client(slack);
    const post = () => api.chat.postMessage({ channel: slack.channel.id, text: 'x' });
    for (let n = 0; n < 3; n++) await post();
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 1 });
    await api.chat.postMessage({ channel: alex, text: 'another channel has its own quota' });
  });

  it('limits chat.update by its tier, for the whole workspace', async () => {
    const slack = await workspace({ limits: { tierPerMinute: { 2: 20, 3: 2, 4: 100 } } });
    const api = client(slack);
    const channel = slack.channel.id;
    const { ts = '' } = await api.chat.postMessage({ channel, text: 'x' });
    await api.chat.update({ channel, ts, text: 'a' });
    await api.chat.update({ channel, ts, text: 'b' });
    await expect(api.chat.update({ channel, ts, text: 'c' })).rejects.toMatchObject({ retryAfter: 30 });
  });

  it('opens a view only with a fresh, unused trigger and a free external_id', async () => {
    let nowMs = Date.now();
    const slack = await workspace({ mode: 'http' }, () => nowMs);
    const api = client(slack);
    const triggers: string[] = [];
    await rawApp(slack, (_request, body) => {
      triggers.push(new URLSearchParams(body).get('trigger_id') ?? '');
    });
    for (let n = 0; n < 3; n++) await slack.asUser(alex).slash('/dr status');
    const [first = '', second = '', third = ''] = triggers;
    const view = (external_id: string) => ({
      type: 'modal' as const,
      external_id,
      title: plain('Details'),
      blocks: [{ type: 'section' as const, text: text('x') }],
    });
    expect((await refusal(api.views.open({ trigger_id: 'made.up', view: view('a') }))).error).toBe(
      'invalid_trigger_id',
    );
    await api.views.open({ trigger_id: first, view: view('a') });
    expect((await refusal(api.views.open({ trigger_id: first, view: view('b') }))).error).toBe('exchanged_trigger_id');
    expect((await refusal(api.views.open({ trigger_id: second, view: view('a') }))).error).toBe(
      'duplicate_external_id',
    );
    nowMs += 3001;
    expect((await refusal(api.views.open({ trigger_id: third, view: view('c') }))).error).toBe('expired_trigger_id');
    const open = slack.openView(alex);
    await api.views.update({ external_id: 'a', hash: open?.hash ?? '', view: { ...view('a'), title: plain('New') } });
    expect(slack.openView(alex)?.title.text).toBe('New');
    expect((await refusal(api.views.update({ external_id: 'a', hash: 'old', view: view('a') }))).error).toBe(
      'hash_conflict',
    );
  });
});
