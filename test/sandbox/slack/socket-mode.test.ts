import { describe, expect, it } from 'vitest';
import { alex, card, client, john, plain, socketApp, workspace } from './helpers.ts';

describe('a real Bolt app on Socket Mode', () => {
  it('gets a slash command and its answers reach only the person who typed', async () => {
    const slack = await workspace();
    await socketApp(slack, (app) =>
      app.command('/dr', async ({ ack, command, respond }) => {
        await ack('R-42 received.');
        await respond({ text: `${command.user_name}: ${command.text}`, replace_original: true });
      }),
    );
    const outcome = await slack.asUser(alex).slash('/dr status --here');
    expect(outcome.ok).toBe(true);
    await slack.waitFor(() => slack.ephemerals(alex)[0]?.text === 'alex.chen: status --here', 2000, 'the answer');
    expect(slack.ephemerals(alex)).toHaveLength(1);
    expect(slack.ephemerals(john)).toEqual([]);
    expect(slack.messages()).toEqual([]);
  });

  it('gets a click with the message it was on, and may edit that message', async () => {
    const slack = await workspace();
    await socketApp(slack, (app) =>
      app.action('approve', async ({ ack, body, client: api, action }) => {
        await ack();
        if (body.type !== 'block_actions' || body.message === undefined || action.type !== 'button') return;
        const words = `APPROVED by <@${body.user.id}> ${action.value}`;
        await api.chat.update({ channel: slack.channel.id, ts: body.message.ts, text: words, blocks: card(words) });
      }),
    );
    const posted = await client(slack).chat.postMessage({ channel: slack.channel.id, text: 'card', blocks: card() });
    await slack.asUser(alex).click(posted.ts ?? '', 'approve');
    await slack.waitFor(() => slack.messages()[0]?.text === `APPROVED by <@${alex}> R-42`, 2000, 'the edit');
    expect(slack.messages()[0]?.edited?.user).toBe(slack.app.botUser);
  });

  it('delivers a forged click as it was forged, so that the app must check it', async () => {
    const slack = await workspace();
    const seen: unknown[] = [];
    await socketApp(slack, (app) =>
      app.action(/.*/, async ({ ack, action }) => {
        await ack();
        seen.push(action.type === 'button' ? action.value : action.type);
      }),
    );
    const posted = await client(slack).chat.postMessage({ channel: slack.channel.id, text: 'card', blocks: card() });
    const guest = slack.asUser('U0GUEST');
    await guest.click(posted.ts ?? '', 'approve', { value: 'R-99' });
    await guest.forgeClick(posted.ts ?? '', { actionId: 'swap', value: 'R-7' });
    expect(seen).toEqual(['R-99', 'R-7']);
  });

  it('opens a modal, refuses it half filled, and closes it when the app acknowledges', async () => {
    const slack = await workspace();
    const reasons: unknown[] = [];
    await socketApp(slack, (app) => {
      app.command('/dr', async ({ ack, client: api, body }) => {
        await ack();
        await api.views.open({
          trigger_id: body.trigger_id,
          view: {
            type: 'modal',
            callback_id: 'plan',
            title: plain('Plan a failover'),
            submit: plain('Show preview'),
            blocks: [
              {
                type: 'input',
                block_id: 'why',
                label: plain('Reason'),
                element: { type: 'plain_text_input', action_id: 'reason', min_length: 3 },
              },
            ],
          },
        });
      });
      app.view('plan', async ({ ack, view }) => {
        const reason = view.state.values['why']?.['reason']?.value ?? '';
        if (reason.includes('!')) {
          await ack({ response_action: 'errors', errors: { why: 'No exclamation marks.' } });
          return;
        }
        reasons.push(reason);
        await ack();
      });
    });
    const user = slack.asUser(john);
    await user.slash('/dr failover');
    const view = await slack.waitFor(() => user.openView(), 2000, 'the modal');
    expect(view.title.text).toBe('Plan a failover');
    expect(await user.submitView()).toMatchObject({ ok: false, error: 'incomplete' });
    expect(await user.submitView({ reason: 'slow!' })).toMatchObject({ ok: false, said: 'No exclamation marks.' });
    expect(user.openView()?.errors).toEqual({ why: 'No exclamation marks.' });
    expect(await user.submitView({ reason: 'east storage is slow' })).toMatchObject({ ok: true });
    expect(user.openView()).toBeUndefined();
    expect(reasons).toEqual(['east storage is slow']);
  });

  it('hears mentions, messages, edits and deletions, and its own posts', async () => {
    const slack = await workspace();
    const heard: string[] = [];
    await socketApp(slack, (app) => {
      app.event('app_mention', async ({ event }) => void heard.push(`mention ${event.text}`));
      app.event('message', async ({ event }) => void heard.push(`message ${event.subtype ?? 'plain'}`));
    });
    const user = slack.asUser(alex);
    const message = user.say('@Holdfast status');
    user.editMessage(message.ts, 'never mind');
    user.deleteMessage(message.ts);
    await slack.waitFor(() => heard.length >= 4, 2000, 'four events');
    expect(heard.toSorted()).toEqual([
      `mention <@${slack.app.botUser}> status`,
      'message message_changed',
      'message message_deleted',
      'message plain',
    ]);
  });

  it('tells the person when the app is silent for three seconds, and does not deliver again', async () => {
    const slack = await workspace({ limits: { ackWithinMs: 200 } });
    let times = 0;
    await socketApp(slack, (app) => app.command('/dr', async () => void times++));
    const outcome = await slack.asUser(alex).slash('/dr status');
    expect(outcome).toMatchObject({ ok: false, error: 'operation_timeout' });
    expect(slack.ephemerals(alex).map(({ text }) => text)).toEqual(['/dr failed with the error "operation_timeout"']);
    expect(times).toBe(1);
  });

  it('fails a command with dispatch_failed when no app is connected', async () => {
    const slack = await workspace();
    expect(await slack.asUser(alex).slash('/dr status')).toMatchObject({ ok: false, error: 'dispatch_failed' });
  });

  it('retries an event that was not acknowledged, under the same event_id', async () => {
    const slack = await workspace({ limits: { ackWithinMs: 150, eventRetryAfterMs: [0, 50] } });
    const seen: unknown[] = [];
    await socketApp(slack, (app) => {
      // Bolt acknowledges events by itself; an app that crashes before that is silent.
      app.processEvent = async (event) => void seen.push([event.retryNum, event.body['event_id']]);
    });
    slack.asUser(alex).say('hello');
    await slack.waitFor(() => slack.lostEvents.length === 1, 3000, 'the event is given up');
    expect(seen.map((entry) => (entry as unknown[])[0])).toEqual([0, 1, 2]);
    expect(new Set(seen.map((entry) => (entry as unknown[])[1])).size).toBe(1);
  });

  it('refuses slash commands in threads, in the words of the client', async () => {
    const slack = await workspace();
    const root = slack.asUser(alex).say('root');
    await slack.asUser(alex).slash('/dr status', { thread: root.ts });
    expect(slack.ephemerals(alex)[0]?.text).toBe('/dr is not supported in threads. Sorry!');
  });

  it('turns names into ids in a command, as should_escape says', async () => {
    const slack = await workspace();
    let got = '';
    await socketApp(slack, (app) =>
      app.command('/dr', async ({ ack, command }) => {
        got = command.text;
        await ack();
      }),
    );
    await slack.asUser(john).slash('/dr oncall link @Alex Chen #incident-response <b>');
    expect(got).toBe(`oncall link <@${alex}|alex.chen> <#${slack.channel.id}|incident-response> &lt;b&gt;`);
  });

  it('comes back by itself when Slack asks it to reconnect', async () => {
    const slack = await workspace();
    await socketApp(slack, (app) => app.command('/dr', async ({ ack }) => ack('here')));
    await slack.break({ kind: 'refresh_sockets' });
    await slack.waitFor(() => slack.connections === 0, 2000, 'the old socket closes');
    await slack.waitFor(() => slack.connections === 1, 9000, 'a new socket');
    expect(await slack.asUser(alex).slash('/dr status')).toMatchObject({ ok: true });
  }, 15_000);
});
