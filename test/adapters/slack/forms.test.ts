import { describe, expect, it } from 'vitest';
import { parseActionId, parseMoreValue, slackChat } from '#adapters/slack';
import { createLogger, systemClock } from '#core';
import type { Chat } from '#ports';
import { alex, socketApp, workspace } from '../../sandbox/slack/helpers.ts';

const names = { userOf: () => undefined, nameOf: () => 'Nobody' };

/** A workspace, our chat, and an app that hands on what comes in. */
async function open() {
  const slack = await workspace();
  const log = createLogger('test', 'silent');
  const chat = slackChat({ token: slack.tokens.bot, apiUrl: slack.apiUrl, names, clock: systemClock, log });
  return { slack, chat };
}

const form = {
  id: 'failover',
  title: 'Plan a failover to another region',
  submit: 'Show preview',
  context: '{"from":"us-east-1"}',
  intro: [{ bold: 'One line' }],
  fields: [
    {
      kind: 'choice',
      id: 'kind',
      label: 'Kind',
      options: [{ value: 'planned', label: 'Planned: no write is lost' }],
      initial: 'planned',
    },
    { kind: 'line', id: 'reason', label: 'Reason', hint: 'It goes into the record.' },
  ],
} satisfies Parameters<Chat['openForm']>[1];

describe('forms in Slack', () => {
  it('come back with their answers and their context', async () => {
    const { slack, chat } = await open();
    const answers: unknown[] = [];
    await socketApp(slack, (app) => {
      app.command('/dr', async ({ ack, body }) => {
        await ack();
        await chat.openForm(body.trigger_id, form);
      });
      app.view('failover', async ({ ack, view }) => {
        await ack();
        answers.push({ context: view.private_metadata, values: view.state.values });
      });
    });
    const person = slack.asUser(alex);
    await person.slash('/dr failover');
    const view = await slack.waitFor(() => slack.openView(alex), 2000);
    expect(view).toMatchObject({ title: { text: 'Plan a failover to an...' }, submit: { text: 'Show preview' } });
    await person.submitView({ reason: 'east storage is slow' });
    expect(answers).toMatchObject([
      {
        context: form.context,
        values: {
          reason: { reason: { value: 'east storage is slow' } },
          kind: { kind: { selected_option: { value: 'planned' } } },
        },
      },
    ]);
  });

  it('are refused when the click is too old, as something about the place', async () => {
    const { chat } = await open();
    await expect(chat.openForm('1.2.expired', form)).rejects.toMatchObject({
      code: 'CHAT_REFUSED',
      data: { about: 'place' },
    });
  });

  it('show details, and answer a command for those who asked', async () => {
    const { slack, chat } = await open();
    await socketApp(slack, (app) => {
      app.command('/dr', async ({ ack, body }) => {
        await ack();
        await chat.openDetails(body.trigger_id, 'R-42 in full', {
          push: '',
          parts: [{ kind: 'text', text: ['Steps'] }],
        });
        await chat.respond(body.response_url, { push: 'R-42 received', parts: [] }, 'asker');
      });
    });
    await slack.asUser(alex).slash('/dr show R-42');
    await slack.waitFor(() => slack.ephemerals(alex).find((each) => each.text === 'R-42 received'), 2000);
    expect(slack.openView(alex)).toMatchObject({ title: { text: 'R-42 in full' } });
  });

  it('answer a command for everybody in the channel when that is wanted', async () => {
    const { slack, chat } = await open();
    await socketApp(slack, (app) => {
      app.command('/dr', async ({ ack, body }) => {
        await ack();
        await chat.respond(body.response_url, { push: 'ALL GOOD', parts: [] }, 'channel');
      });
    });
    await slack.asUser(alex).slash('/dr status --here');
    await slack.waitFor(() => slack.messages().find(({ text }) => text === 'ALL GOOD'), 2000);
    expect(slack.ephemerals(alex)).toEqual([]);
  });

  it('buttons and menu entries carry their id and value through a real click', async () => {
    const { slack, chat } = await open();
    const clicks: unknown[] = [];
    await socketApp(slack, (app) => {
      app.action(/.*/, async ({ ack, action }) => {
        await ack();
        if (action.type === 'button' && 'action_id' in action)
          clicks.push({ id: parseActionId(action.action_id), value: action.value });
        if (action.type === 'overflow') clicks.push(parseMoreValue(action.selected_option.value));
      });
    });
    const button = (id: string, value: string) => ({ id, label: id, value, spoken: `${id} R-42` });
    const buttons = [button('approve', 'R-42 a'), button('approve', 'R-42 b')];
    const parts = [{ kind: 'buttons' as const, buttons, more: [button('cancel', 'R-42 c')] }];
    const { ts } = await chat.post({ channel: slack.channel.id, card: { push: 'x', parts }, sequence: 'a' });
    await slack.asUser(alex).click(ts, 'approve~2');
    await slack.asUser(alex).click(ts, 'more', { value: 'cancel R-42 c' });
    expect(clicks).toEqual([
      { id: 'approve', value: 'R-42 b' },
      { id: 'cancel', value: 'R-42 c' },
    ]);
  });
});
