import { APP, TEAM } from './settings.ts';
import type { Channel, Message, OpenView, Person } from './shapes.ts';
import type { WorkspaceStore } from './store.ts';

/** How the API writes a message: a root carries its thread's counters, metadata only when asked for. */
export function apiMessage(message: Message, store: WorkspaceStore, withMetadata: boolean): Record<string, unknown> {
  const { channel, metadata, pinned, ...rest } = message;
  const replies = store.thread(channel, message.ts).filter((other) => other.ts !== message.ts);
  const latest = replies.at(-1);
  return {
    type: 'message',
    ...rest,
    team: TEAM.id,
    ...(withMetadata && metadata !== undefined ? { metadata } : {}),
    ...(pinned === true ? { pinned_to: [channel] } : {}),
    ...(latest === undefined
      ? {}
      : {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users: [...new Set(replies.map((reply) => reply.user))],
          reply_users_count: new Set(replies.map((reply) => reply.user)).size,
          latest_reply: latest.ts,
          subscribed: false,
        }),
  };
}

export function apiChannel(channel: Channel): Record<string, unknown> {
  return channel.kind === 'im'
    ? { id: channel.id, is_im: true, user: channel.with, is_open: true, created: 0 }
    : {
        id: channel.id,
        name: channel.name,
        name_normalized: channel.name,
        is_channel: true,
        is_private: false,
        is_im: false,
        is_archived: false,
        is_member: channel.hasApp,
        created: 0,
        creator: APP.botUser,
      };
}

export function apiUser(person: Person): Record<string, unknown> {
  return {
    id: person.id,
    team_id: TEAM.id,
    name: handle(person.name),
    deleted: false,
    real_name: person.name,
    tz: person.timeZone,
    tz_label: person.timeZone,
    tz_offset: zoneOffsetSeconds(person.timeZone),
    profile: { real_name: person.name, display_name: person.name, team: TEAM.id },
    is_bot: false,
    is_app_user: false,
  };
}

export function apiView(view: OpenView, values: Record<string, unknown> = {}): Record<string, unknown> {
  const { rootId, previousId, person: _person, errors: _errors, ...rest } = view;
  return {
    ...rest,
    team_id: TEAM.id,
    app_id: APP.id,
    bot_id: APP.botId,
    app_installed_team_id: TEAM.id,
    private_metadata: view.private_metadata ?? '',
    callback_id: view.callback_id ?? '',
    external_id: view.external_id ?? '',
    state: { values },
    root_view_id: rootId,
    previous_view_id: previousId ?? null,
  };
}

/** `Alex Chen` as Slack's `name` field: `alex.chen`. */
export function handle(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '.');
}

function zoneOffsetSeconds(timeZone: string): number {
  const text = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(new Date())
    .find((part) => part.type === 'timeZoneName')?.value;
  const found = /GMT([+-])(\d\d):(\d\d)/.exec(text ?? '');
  if (found === null) return 0;
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 3600 + Number(found[3]) * 60);
}
