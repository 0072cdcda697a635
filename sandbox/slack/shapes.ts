import { z } from 'zod';
import type { Block, ModalView } from './blocks/index.ts';

/** One member of the workspace. `roleLabel` is for the sandbox's page; Slack itself knows no DR roles. */
export const Person = z.strictObject({
  id: z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'a Slack user id: U and capitals or digits'),
  name: z.string().min(1),
  roleLabel: z.string().default(''),
  timeZone: z.string().default('America/New_York'),
});
export type Person = z.output<typeof Person>;
export type PersonInput = z.input<typeof Person>;

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'im';
  /** The person on the other side of a direct message with the app. */
  readonly with?: string;
  /** Whether the app is in it: without that it can neither post nor hear. */
  readonly hasApp: boolean;
}

export interface Metadata {
  readonly event_type: string;
  readonly event_payload: Record<string, unknown>;
}

/** A message as the Web API shows it, plus `channel` (the API leaves that out where it is clear). */
export interface Message {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly thread_ts?: string;
  readonly subtype?: 'thread_broadcast';
  readonly bot_id?: string;
  readonly app_id?: string;
  readonly metadata?: Metadata;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly reactions?: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly pinned?: boolean;
}

/** Only its one person sees it; the API cannot read it back. `from: slackbot` are the client's own words. */
export interface Ephemeral {
  readonly channel: string;
  readonly ts: string;
  readonly to: string;
  readonly from: 'app' | 'slackbot';
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly thread_ts?: string;
}

/** A modal that is open for somebody. `stack` counts from 0, the root. */
export interface OpenView extends ModalView {
  readonly id: string;
  readonly hash: string;
  readonly person: string;
  readonly rootId: string;
  readonly previousId?: string;
  readonly errors?: Readonly<Record<string, string>>;
}

export interface Bookmark {
  readonly id: string;
  readonly channel: string;
  readonly title: string;
  readonly link: string;
}

/** Everything that changed, for whoever shows it. */
export type Change =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'message_deleted'; readonly channel: string; readonly ts: string }
  | { readonly kind: 'ephemeral'; readonly ephemeral: Ephemeral }
  | { readonly kind: 'ephemeral_deleted'; readonly to: string; readonly ts: string }
  | { readonly kind: 'view'; readonly person: string; readonly view: OpenView | undefined }
  | { readonly kind: 'channel'; readonly channel: Channel }
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'bookmark'; readonly bookmark: Bookmark }
  | { readonly kind: 'fault'; readonly active: boolean };
