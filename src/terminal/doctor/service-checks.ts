import { bullWakeQueue } from '#adapters/bullmq';
import { inspectSlack } from '#adapters/inspect';
import { httpTraffic } from '#adapters/traffic';
import type { Config } from '#config';
import { createLogger } from '#core';
import type { Plan } from '#plan';
import type { Closers } from '../../main/closers.ts';
import { BOT_SCOPES } from '../slack-manifest.ts';
import { type Check, wrong } from './check.ts';

export function queueChecks({ redisUrl }: Config, closers: Closers): Check[] {
  return [
    {
      name: 'Redis',
      fix: 'Start Redis, or set REDIS_URL. Until then runs go on, a second later each.',
      look: async () => {
        if (!redisUrl) throw wrong('REDIS_URL is not set.');
        const queue = closers.keep(
          bullWakeQueue({ redisUrl: redisUrl.reveal(), log: createLogger('doctor', 'silent') }),
        );
        if (!(await queue.isAlive())) throw wrong('Redis does not answer.');
        return 'answers';
      },
    },
  ];
}

export function slackChecks(config: Config): Check[] {
  const { slackBotToken, slackAppToken, slackApiUrl, slackMode, slackSigningSecret } = config;
  return [
    {
      name: 'Slack',
      fix: 'Make or reinstall the app: dr slack manifest',
      look: async () => {
        if (!slackBotToken) throw wrong('SLACK_BOT_TOKEN is not set.');
        if (slackMode === 'socket' && !slackAppToken) throw wrong('SLACK_MODE=socket needs SLACK_APP_TOKEN.');
        if (slackMode === 'http' && !slackSigningSecret) throw wrong('SLACK_MODE=http needs SLACK_SIGNING_SECRET.');
        const app = slackMode === 'socket' ? slackAppToken?.reveal() : undefined;
        const { team, bot, scopes } = await inspectSlack({ apiUrl: slackApiUrl, bot: slackBotToken.reveal(), app });
        const missing = scopes ? BOT_SCOPES.filter((scope) => !scopes.includes(scope)) : [];
        if (missing.length > 0) throw wrong(`The bot token lacks ${missing.join(', ')}.`);
        return `${bot} in ${team}, by ${slackMode}${scopes ? ', all scopes' : '; scopes were not told'}`;
      },
    },
  ];
}

export function trafficChecks(config: Config, { service }: Plan): Check[] {
  const { statsUrl, acknowledgedWritesUrl } = service.verification;
  return [
    {
      name: 'what clients see',
      fix: "Set HOLDFAST_STATS_URL where the plan's address does not resolve.",
      look: async () => {
        const traffic = httpTraffic({
          statsUrl: config.statsUrl ?? statsUrl,
          acknowledgedWritesUrl: config.acknowledgedWritesUrl ?? acknowledgedWritesUrl,
          serviceUrl: async () => '',
        });
        const { byRegion } = await traffic.view();
        return byRegion
          .map(({ region, acknowledged, failed }) => `${region} ${acknowledged} writes, ${failed} failed`)
          .join('; ');
      },
    },
  ];
}
