import { stringify } from 'yaml';
import { commands } from '#commands';
import { DrError } from '#core';
import type { ExitCode } from './exit-code.ts';
import { flagValue } from './options.ts';
import type { OwnContext } from './own-command.ts';

/** What the bot's calls and the events it reads need, and no more. */
export const BOT_SCOPES = [
  'commands',
  'chat:write',
  'app_mentions:read',
  'channels:history',
  'groups:history',
  'channels:read',
  'groups:read',
  'im:write',
  'users:read',
] as const;

const EVENTS = ['app_mention', 'message.channels', 'message.groups', 'app_uninstalled', 'tokens_revoked'] as const;

/** `dr slack manifest`: YAML for api.slack.com/apps, "from a manifest". With `--url` for SLACK_MODE=http. */
export async function runSlackManifest(words: readonly string[], { options, out }: OwnContext): Promise<ExitCode> {
  const manifest = slackManifest(flagValue(words, 'url'));
  out.write(options.json ? `${JSON.stringify(manifest)}\n` : stringify(manifest, { lineWidth: 0 }));
  return 0;
}

/** The app as Slack is to make it; the usage hint comes from the list of commands. Throws ARGUMENTS_INVALID. */
export function slackManifest(url: string | undefined): Readonly<Record<string, unknown>> {
  if (url !== undefined && !(URL.canParse(url) && new URL(url).protocol === 'https:')) {
    throw new DrError(
      'ARGUMENTS_INVALID',
      'user',
      '--url is an address that starts with https://. Nothing was changed.',
    );
  }
  const at = (path: string) =>
    url === undefined ? {} : { [path === 'commands' ? 'url' : 'request_url']: new URL(`/slack/${path}`, url).href };
  return {
    _metadata: { major_version: 1, minor_version: 1 },
    display_information: {
      name: 'Holdfast',
      description: 'Disaster recovery: previews, approvals, restores, failovers',
    },
    features: {
      bot_user: { display_name: 'holdfast', always_online: true },
      slash_commands: [
        {
          command: '/dr',
          ...at('commands'),
          description: 'Back up, restore, fail over, and see how things are',
          usage_hint: usageHint(),
          should_escape: false,
        },
      ],
    },
    oauth_config: { scopes: { bot: [...BOT_SCOPES] } },
    settings: {
      event_subscriptions: { ...at('events'), bot_events: [...EVENTS] },
      // Without it buttons never arrive, in Socket Mode too.
      interactivity: { is_enabled: true, ...at('interactions') },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  };
}

/** As many commands as fit; `help` has the rest. */
function usageHint(): string {
  const names = commands.map(({ name }) => name).filter((name) => name !== 'help');
  const hint = names.reduce(
    (line, name) => (`${line} | ${name}`.length > 90 ? line : line === '' ? name : `${line} | ${name}`),
    '',
  );
  return `${hint} | help`;
}
