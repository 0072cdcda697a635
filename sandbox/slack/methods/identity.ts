import { z } from 'zod';
import { refuse } from '../api-refusal.ts';
import { apiUser, handle } from '../render.ts';
import { APP, TEAM } from '../settings.ts';
import type { Team } from '../team.ts';
import { defineMethod, type Method, whole } from './define.ts';

const authTest = defineMethod({
  scope: 'none',
  tier: 4,
  args: z.object({}),
  run: (_args, team) => ({
    url: `https://${TEAM.domain}.slack.com/`,
    team: TEAM.name,
    user: handle(team.settings.botName),
    team_id: TEAM.id,
    user_id: APP.botUser,
    bot_id: APP.botId,
    is_enterprise_install: false,
  }),
});

const openConnection = defineMethod({
  token: 'app',
  scope: 'connections:write',
  tier: 3,
  args: z.object({}),
  run(_args, team) {
    if (team.settings.mode !== 'socket') refuse('socket_mode_disabled');
    return { url: team.sockets.issueUrl(team.baseUrl()) };
  },
});

const userInfo = defineMethod({
  scope: 'users:read',
  tier: 4,
  args: z.object({ user: z.string() }),
  run(args, team) {
    if (args.user === APP.botUser) return { user: botUser(team) };
    const person = team.store.people.get(args.user) ?? refuse('user_not_found');
    return { user: apiUser(person) };
  },
});

const userList = defineMethod({
  scope: 'users:read',
  tier: 2,
  args: z.object({ limit: whole.optional(), cursor: z.string().optional() }),
  run: (_args, team) => ({
    members: [...[...team.store.people.values()].map(apiUser), botUser(team)],
    cache_ts: Math.floor(team.now() / 1000),
    response_metadata: { next_cursor: '' },
  }),
});

function botUser(team: Team): Record<string, unknown> {
  return {
    id: APP.botUser,
    team_id: TEAM.id,
    name: handle(team.settings.botName),
    real_name: team.settings.botName,
    deleted: false,
    is_bot: true,
    profile: { real_name: team.settings.botName, api_app_id: APP.id, bot_id: APP.botId },
  };
}

export const identityMethods: Readonly<Record<string, Method>> = {
  'auth.test': authTest,
  'apps.connections.open': openConnection,
  'users.info': userInfo,
  'users.list': userList,
};
