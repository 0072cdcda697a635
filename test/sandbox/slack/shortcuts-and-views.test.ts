import type { ModalView } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { alex, card, client, john, plain, refusal, socketApp, text, workspace } from './helpers.ts';

const modal = (title: string, change: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  callback_id: title,
  title: plain(title),
  submit: plain('Next'),
  blocks: [{ type: 'section', text: text(title) }],
  ...change,
});

describe('shortcuts', () => {
  it('carry the message they were chosen on, replies included', async () => {
    const slack = await workspace();
    const seen: unknown[] = [];
    await socketApp(slack, (app) => {
      app.shortcut('dr_timeline_add', async ({ ack, shortcut, respond }) => {
        await ack();
        if (shortcut.type !== 'message_action') return;
        seen.push(shortcut.message['text'], shortcut.message['thread_ts']);
        await respond({ text: 'Recorded.', replace_original: false });
      });
      app.shortcut('dr_start', async ({ ack, shortcut, client: api }) => {
        await ack();
        await api.views.open({ trigger_id: shortcut.trigger_id, view: modal('Start') });
      });
    });
    const root = slack.asUser(alex).say('root');
    const reply = slack.asUser(alex).say('restarted the pool by hand', root.ts);
    await slack.asUser(john).shortcut('dr_timeline_add', reply.ts);
    await slack.waitFor(() => slack.ephemerals(john)[0]?.text === 'Recorded.', 2000, 'the answer');
    expect(seen).toEqual(['restarted the pool by hand', root.ts]);
    await slack.asUser(john).shortcut('dr_start');
    await slack.waitFor(() => slack.openView(john)?.title.text === 'Start', 2000, 'the modal');
  });
});

describe('modals on top of each other', () => {
  it('are pushed, three at most, updated, cleared, and say when they are closed', async () => {
    const slack = await workspace();
    const closed: boolean[] = [];
    const errors: string[] = [];
    await socketApp(slack, (app) => {
      app.command('/dr', async ({ ack, body, client: api }) => {
        await ack();
        await api.views.open({ trigger_id: body.trigger_id, view: modal('One', { notify_on_close: true }) });
      });
      app.view('One', async ({ ack }) => ack({ response_action: 'push', view: modal('Two') }));
      app.view('Two', async ({ ack }) => ack({ response_action: 'push', view: modal('Three') }));
      app.view('Three', async ({ ack, body, client: api }) => {
        const trigger = 'trigger_id' in body ? body.trigger_id : '';
        const pushed = api.views.push({ trigger_id: trigger, view: modal('Four') });
        errors.push((await refusal(pushed)).error);
        await ack({ response_action: 'update', view: modal('Changed') });
      });
      app.view('Changed', async ({ ack }) => ack());
      app.view({ callback_id: 'One', type: 'view_closed' }, async ({ ack, body }) => {
        if (body.type === 'view_closed') closed.push(body.is_cleared);
        await ack();
      });
    });
    const user = slack.asUser(alex);
    await user.slash('/dr plan');
    await slack.waitFor(() => user.openView(), 2000, 'the first modal');
    for (const title of ['Two', 'Three', 'Changed', 'Two']) {
      expect(await user.submitView()).toMatchObject({ ok: true });
      expect(user.openView()?.title.text).toBe(title);
    }
    expect(errors).toEqual(['push_limit_reached']);
    await user.closeView();
    await user.closeView();
    expect(user.openView()).toBeUndefined();
    expect(closed).toEqual([false]);
  });

  it('take presses inside, with what the fields hold', async () => {
    const slack = await workspace();
    const seen: unknown[] = [];
    const option = (value: string) => ({ text: plain(value), value });
    const fields: ModalView['blocks'] = [
      {
        type: 'input',
        block_id: 'at',
        optional: true,
        label: plain('Not before'),
        element: { type: 'datetimepicker', action_id: 'at' },
      },
      {
        type: 'input',
        block_id: 'kind',
        label: plain('Kind'),
        element: { type: 'radio_buttons', action_id: 'kind', options: [option('planned'), option('unplanned')] },
      },
      { type: 'actions', block_id: 'b', elements: [{ type: 'button', action_id: 'check', text: plain('Check') }] },
    ];
    await socketApp(slack, (app) => {
      app.command('/dr', async ({ ack, body, client: api }) => {
        await ack();
        await api.views.open({ trigger_id: body.trigger_id, view: modal('Plan', { blocks: fields }) });
      });
      app.action('check', async ({ ack, body }) => {
        await ack();
        if (body.type === 'block_actions') seen.push(body.view?.state.values);
      });
    });
    const user = slack.asUser(alex);
    await user.slash('/dr plan');
    await slack.waitFor(() => user.openView(), 2000, 'the modal');
    await user.clickInView('check', { fields: { at: 1_764_000_000, kind: 'unplanned' } });
    expect(seen).toMatchObject([
      {
        at: { at: { type: 'datetimepicker', selected_date_time: 1_764_000_000 } },
        kind: { kind: { selected_option: { value: 'unplanned' } } },
      },
    ]);
    await expect(user.clickInView('check', { fields: { kind: 'sideways' } })).rejects.toThrow('No option "sideways"');
  });
});

describe('what else an app hears and does', () => {
  it('hears direct messages and reactions, and sends a reply to the channel as well', async () => {
    const slack = await workspace();
    const heard: string[] = [];
    await socketApp(slack, (app) => {
      app.event('message', async ({ event }) => {
        if (event.channel_type === 'im' && event.subtype === undefined) heard.push(`direct ${event.text}`);
      });
      app.event('reaction_added', async ({ event }) => void heard.push(`${event.reaction} on ${event.item.ts}`));
    });
    const api = client(slack);
    const opened = await api.conversations.open({ users: alex });
    slack.asUser(alex).say('are you there', undefined, { channel: opened.channel?.id ?? '' });
    const channel = slack.channel.id;
    const root = await api.chat.postMessage({ channel, text: 'card', blocks: card() });
    slack.asUser(john).react(root.ts ?? '', 'eyes');
    await slack.waitFor(() => heard.length === 2, 2000, 'both events');
    expect(heard.toSorted()).toEqual(['direct are you there', `eyes on ${root.ts}`]);
    await api.chat.postMessage({ channel, text: 'done', thread_ts: root.ts ?? '', reply_broadcast: true });
    const history = await api.conversations.history({ channel });
    expect(history.messages?.map((message) => message.text)).toEqual(['done', 'card']);
  });

  it('pages through a long thread, and finds what is newer than a moment', async () => {
    const slack = await workspace({ limits: { postBurst: 100 } });
    const api = client(slack);
    const channel = slack.channel.id;
    const root = await api.chat.postMessage({ channel, text: 'root' });
    for (let n = 0; n < 5; n++) await api.chat.postMessage({ channel, text: `line ${n}`, thread_ts: root.ts ?? '' });
    const seen: unknown[] = [];
    for await (const page of api.paginate('conversations.replies', { channel, ts: root.ts, limit: 2 })) {
      seen.push(...((page as { messages?: { text: string }[] }).messages ?? []).map((message) => message.text));
    }
    expect(seen).toEqual(['root', 'line 0', 'line 1', 'line 2', 'line 3', 'line 4']);
    const third = slack.thread(root.ts ?? '')[3]?.ts ?? '';
    const newer = await api.conversations.replies({ channel, ts: root.ts ?? '', oldest: third });
    expect(newer.messages?.map((message) => message.text)).toEqual(['root', 'line 3', 'line 4']);
  });

  it('gets no socket past the limit', async () => {
    const slack = await workspace({ limits: { maxSockets: 1 } });
    await socketApp(slack, () => {});
    const { url } = await client(slack, slack.tokens.app).apps.connections.open({});
    const second = new WebSocket(url ?? '');
    const first = await new Promise<string>((resolve) => {
      second.onmessage = (event) => resolve(String(event.data));
    });
    expect(JSON.parse(first)).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    expect(slack.connections).toBe(1);
  });
});
