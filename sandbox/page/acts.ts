import { z } from 'zod';
import type { Outcome, SlackWorkspace } from '#sandbox/slack';

const FieldValues = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]));

/** What a person does at the page. The same door the tests use: the page can do nothing a person cannot. */
export const Act = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('say'),
    channel: z.string(),
    text: z.string().min(1).max(4000),
    thread: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('click'),
    channel: z.string(),
    ts: z.string(),
    actionId: z.string(),
    value: z.union([z.string(), z.number(), z.array(z.string())]).optional(),
    fields: FieldValues.optional(),
  }),
  z.strictObject({
    kind: z.literal('click_view'),
    actionId: z.string(),
    value: z.union([z.string(), z.number(), z.array(z.string())]).optional(),
    fields: FieldValues.optional(),
  }),
  z.strictObject({ kind: z.literal('submit'), values: FieldValues }),
  z.strictObject({ kind: z.literal('close_view') }),
  z.strictObject({ kind: z.literal('dismiss'), ts: z.string() }),
  z.strictObject({ kind: z.literal('edit'), channel: z.string(), ts: z.string(), text: z.string().min(1) }),
  z.strictObject({ kind: z.literal('delete'), channel: z.string(), ts: z.string() }),
  z.strictObject({ kind: z.literal('react'), channel: z.string(), ts: z.string(), name: z.string() }),
  z.strictObject({ kind: z.literal('zone'), timeZone: z.string() }),
]);
export type Act = z.output<typeof Act>;

const done: Outcome = { ok: true, ack: undefined };

/** Does it as that person. @throws Error for people, messages and buttons that are not there. */
export async function perform(slack: SlackWorkspace, as: string, act: Act): Promise<Outcome> {
  const user = slack.asUser(as);
  switch (act.kind) {
    case 'say':
      return say(slack, as, act);
    case 'click':
      return user.click(act.ts, act.actionId, {
        channel: act.channel,
        ...(act.value === undefined ? {} : { value: act.value }),
        ...(act.fields === undefined ? {} : { fields: act.fields }),
      });
    case 'click_view':
      return user.clickInView(act.actionId, {
        ...(act.value === undefined ? {} : { value: act.value }),
        ...(act.fields === undefined ? {} : { fields: act.fields }),
      });
    case 'submit':
      return user.submitView(act.values);
    case 'close_view':
      return user.openView() === undefined ? done : user.closeView();
    case 'dismiss':
      user.dismiss(act.ts);
      return done;
    case 'edit':
      user.editMessage(act.ts, act.text, { channel: act.channel });
      return done;
    case 'delete':
      user.deleteMessage(act.ts, { channel: act.channel });
      return done;
    case 'react':
      user.react(act.ts, act.name, { channel: act.channel });
      return done;
    case 'zone':
      user.setTimeZone(act.timeZone);
      return done;
    default:
      return act satisfies never;
  }
}

/** Text that begins with `/` is a command, as in Slack; anything else a message. */
async function say(slack: SlackWorkspace, as: string, act: Extract<Act, { kind: 'say' }>): Promise<Outcome> {
  const user = slack.asUser(as);
  if (act.text.startsWith('/')) {
    return user.slash(act.text, {
      channel: act.channel,
      ...(act.thread === undefined ? {} : { thread: act.thread }),
    });
  }
  user.say(act.text, act.thread, { channel: act.channel });
  return done;
}
