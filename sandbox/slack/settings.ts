import { z } from 'zod';
import { SlackLimits } from './limits.ts';
import { Person } from './shapes.ts';

/** The bot scopes Holdfast's manifest asks for (see the manifest in the operations guide). */
export const DEFAULT_SCOPES = [
  'commands',
  'chat:write',
  'app_mentions:read',
  'channels:history',
  'channels:read',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'users:read',
  'reactions:read',
  'reactions:write',
  'pins:write',
  'bookmarks:write',
] as const;

export const DEFAULT_EVENTS = ['app_mention', 'message.channels', 'message.im', 'reaction_added'] as const;

const SlashCommand = z.strictObject({ command: z.string().startsWith('/'), shouldEscape: z.boolean().default(true) });

/** What an app's manifest settles, plus what the double needs to play Slack. Every field has a sane value. */
export const SlackOptions = z.strictObject({
  /** 0 takes a free port. */
  port: z.number().int().min(0).default(0),
  /** 0 takes a free port; the control API never shares a port with the Web API. */
  controlPort: z.number().int().min(0).default(0),
  people: z.array(Person).min(1),
  /** The main channel's name, without `#`. */
  channel: z.string().default('incident-response'),
  /** Public channels the app is NOT in. */
  otherChannels: z.array(z.string()).default(['general']),
  mode: z.enum(['socket', 'http']).default('socket'),
  /** http mode: where the app listens; one URL for all three, as Bolt's receiver has it, or each its own. */
  requestUrl: z.string().optional(),
  botToken: z.string().startsWith('xoxb-').default('xoxb-sandbox-holdfast'),
  appToken: z.string().startsWith('xapp-').default('xapp-1-sandbox-holdfast'),
  signingSecret: z.string().min(8).default('sandbox-signing-secret'),
  scopes: z.array(z.string()).default([...DEFAULT_SCOPES]),
  events: z.array(z.string()).default([...DEFAULT_EVENTS]),
  slashCommands: z.array(SlashCommand).default([{ command: '/dr', shouldEscape: true }]),
  botName: z.string().default('Holdfast'),
  limits: SlackLimits,
  /** A folder for `slack.json`; without it nothing outlives the process. */
  folder: z.string().optional(),
});

export type SlackOptionsInput = z.input<typeof SlackOptions>;
export type SlackSettings = z.output<typeof SlackOptions>;

/** Fixed ids: one team, one app, one bot. Holdfast binds identity to team and user id, so they stay. */
export const TEAM = { id: 'T0ELDCORP', domain: 'eld', name: 'ELD Company' } as const;
export const APP = { id: 'A0HOLDFAST', botId: 'B0HOLDFAST', botUser: 'U0HOLDFAST' } as const;
