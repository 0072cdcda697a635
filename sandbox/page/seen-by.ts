import type { Change, Channel, Message, SlackWorkspace } from '#sandbox/slack';
import { type Waiting, waitingCards } from './waiting.ts';

/** Older messages stay in the workspace; the page shows the end of each channel. */
const SHOWN = 400;

/** All one person sees, for a page that has just been opened or lost its connection. */
export interface Snapshot {
  readonly as: string;
  readonly people: SlackWorkspace['people'];
  readonly channels: readonly Channel[];
  readonly messages: readonly Message[];
  readonly ephemerals: ReturnType<SlackWorkspace['ephemerals']>;
  readonly view: ReturnType<SlackWorkspace['openView']> | null;
  readonly bookmarks: SlackWorkspace['bookmarks'];
  readonly waiting: readonly Waiting[];
  readonly slackAway: boolean;
}

export function snapshotFor(slack: SlackWorkspace, as: string): Snapshot {
  const channels = slack.channels.filter((channel) => isSeenBy(channel, as));
  return {
    as,
    people: slack.people,
    channels,
    messages: channels.flatMap((channel) => slack.messages(channel.id).slice(-SHOWN)),
    ephemerals: slack.ephemerals(as),
    view: slack.openView(as) ?? null,
    bookmarks: slack.bookmarks,
    waiting: waitingCards(slack),
    slackAway: slack.isCut,
  };
}

/** Whether this change is this person's to see: others' direct messages, ephemerals and modals are not. */
export function concerns(slack: SlackWorkspace, change: Change, as: string): boolean {
  switch (change.kind) {
    case 'message':
      return channelSeen(slack, change.message.channel, as);
    case 'message_deleted':
      return channelSeen(slack, change.channel, as);
    case 'ephemeral':
      return change.ephemeral.to === as;
    case 'ephemeral_deleted':
      return change.to === as;
    case 'view':
      return change.person === as;
    case 'channel':
      return isSeenBy(change.channel, as);
    case 'person':
    case 'bookmark':
    case 'fault':
      return true;
    default:
      return change satisfies never;
  }
}

function channelSeen(slack: SlackWorkspace, id: string, as: string): boolean {
  return slack.channels.some((channel) => channel.id === id && isSeenBy(channel, as));
}

function isSeenBy(channel: Channel, as: string): boolean {
  return channel.kind === 'channel' || channel.with === as;
}
