import { createHash } from 'node:crypto';
import { z } from 'zod';
import { MORE_ACTION, parseActionId, parseMoreValue } from '#adapters/slack';
import type { Incoming, LivePart } from '#ports';

/** What of Slack's payloads is read. Everything else in them is ignored, so that a new field never breaks intake. */
const SlashCommand = z.object({
  command: z.string(),
  text: z.string().default(''),
  team_id: z.string(),
  user_id: z.string(),
  channel_id: z.string(),
  trigger_id: z.string(),
  response_url: z.string().optional(),
});

const BlockActions = z.object({
  type: z.literal('block_actions'),
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  channel: z.object({ id: z.string() }).optional(),
  container: z.object({
    message_ts: z.string().optional(),
    channel_id: z.string().optional(),
    view_id: z.string().optional(),
    is_ephemeral: z.boolean().default(false),
  }),
  trigger_id: z.string(),
  response_url: z.string().optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        action_ts: z.string(),
        value: z.string().optional(),
        selected_option: z.object({ value: z.string() }).optional(),
      }),
    )
    .min(1),
});

const ViewSubmission = z.object({
  type: z.literal('view_submission'),
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  view: z.object({
    id: z.string(),
    hash: z.string().default(''),
    callback_id: z.string(),
    private_metadata: z.string().default(''),
    state: z.object({
      values: z.record(
        z.string(),
        z.record(
          z.string(),
          z.object({
            value: z.string().nullish(),
            selected_option: z.object({ value: z.string() }).nullish(),
          }),
        ),
      ),
    }),
  }),
});

const Event = z.object({
  type: z.literal('event_callback'),
  team_id: z.string(),
  event_id: z.string(),
  event: z.object({
    type: z.enum(['app_mention', 'message']),
    subtype: z.string().optional(),
    user: z.string().optional(),
    bot_id: z.string().optional(),
    channel: z.string(),
    ts: z.string().optional(),
    thread_ts: z.string().optional(),
    text: z.string().default(''),
    message: z
      .object({
        user: z.string().optional(),
        bot_id: z.string().optional(),
        ts: z.string(),
        thread_ts: z.string().optional(),
        text: z.string().default(''),
      })
      .optional(),
    previous_message: z
      .object({
        user: z.string().optional(),
        bot_id: z.string().optional(),
        ts: z.string(),
        thread_ts: z.string().optional(),
        text: z.string().default(''),
      })
      .optional(),
  }),
});

/** What `Incoming` keeps at most. Whoever alters a client may send longer things; they are nobody's command. */
const LONGEST_KEY = 300;
const LONGEST_LINE = 10_000;

const keyOf = (key: string): string =>
  key.length <= LONGEST_KEY ? key : `long:${createHash('sha256').update(key).digest('hex')}`;

/** An arrived payload in our words, its lasting and its live part; undefined when it is nothing for us. */
export function readIncoming(body: unknown): { incoming: Incoming; live: LivePart } | undefined {
  const slash = SlashCommand.safeParse(body);
  if (slash.success) return fromSlash(slash.data);
  const actions = BlockActions.safeParse(body);
  if (actions.success) return fromActions(actions.data);
  const view = ViewSubmission.safeParse(body);
  if (view.success) return fromView(view.data);
  const event = Event.safeParse(body);
  return event.success ? fromEvent(event.data) : undefined;
}

function fromSlash(body: z.output<typeof SlashCommand>): { incoming: Incoming; live: LivePart } {
  return {
    incoming: {
      kind: 'command',
      key: keyOf(`command:${body.trigger_id}`),
      team: body.team_id,
      user: body.user_id,
      channel: body.channel_id,
      text: body.text.slice(0, LONGEST_LINE),
    },
    live: { trigger: body.trigger_id, ...(body.response_url ? { answerAddress: body.response_url } : {}) },
  };
}

function fromActions(body: z.output<typeof BlockActions>): { incoming: Incoming; live: LivePart } | undefined {
  const action = body.actions[0];
  if (!action) return undefined;
  const channel = body.channel?.id ?? body.container.channel_id ?? '';
  const ts = body.container.message_ts;
  return {
    incoming: {
      kind: 'click',
      key: keyOf(
        `click:${channel}:${ts ?? body.container.view_id}:${action.action_id}:${action.action_ts}:${body.user.id}`,
      ),
      team: body.team.id,
      user: body.user.id,
      channel,
      ...(ts ? { ts } : {}),
      private: body.container.is_ephemeral || ts === undefined,
      ...pressed(action.action_id, action.value ?? action.selected_option?.value ?? ''),
    },
    live: { trigger: body.trigger_id, ...(body.response_url ? { answerAddress: body.response_url } : {}) },
  };
}

/** The button behind an action: of its own, or an entry of the "more" menu, whose value begins with the button's id. */
function pressed(actionId: string, value: string): { button: string; value: string } {
  if (parseActionId(actionId) !== MORE_ACTION) return { button: parseActionId(actionId), value };
  const chosen = parseMoreValue(value);
  return { button: chosen.id, value: chosen.value };
}

function fromView({ team, user, view }: z.output<typeof ViewSubmission>): { incoming: Incoming; live: LivePart } {
  const answers: Record<string, string> = {};
  for (const fields of Object.values(view.state.values)) {
    for (const [name, field] of Object.entries(fields)) {
      const answer = field.value ?? field.selected_option?.value;
      if (answer) answers[name] = answer;
    }
  }
  return {
    incoming: {
      kind: 'form',
      key: keyOf(`form:${view.id}:${view.hash}`),
      team: team.id,
      user: user.id,
      form: view.callback_id,
      context: view.private_metadata,
      answers,
    },
    live: {},
  };
}

/** Mentions, and what people write, edit and delete in threads. Our own posts and edits come back too; they are nothing new. */
function fromEvent({
  team_id,
  event_id,
  event,
}: z.output<typeof Event>): { incoming: Incoming; live: LivePart } | undefined {
  const message = event.message ?? event.previous_message ?? event;
  const { user, ts, thread_ts: thread } = message;
  if (message.bot_id || !user || !ts) return undefined;
  const base = { key: keyOf(`event:${event_id}`), team: team_id, user, channel: event.channel, ts };
  if (event.type === 'app_mention') {
    return { incoming: { ...base, kind: 'mention', thread: thread ?? ts, text: event.text }, live: {} };
  }
  const change = CHANGES[event.subtype ?? ''];
  if (!change || !thread || thread === ts) return undefined;
  return { incoming: { ...base, kind: 'message', change, thread, text: message.text }, live: {} };
}

const CHANGES: Readonly<Record<string, 'posted' | 'edited' | 'deleted'>> = {
  '': 'posted',
  file_share: 'posted',
  thread_broadcast: 'posted',
  message_changed: 'edited',
  message_deleted: 'deleted',
};
