import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse, SlackApiRefusal } from './api-refusal.ts';
import type { CallFaults } from './faults.ts';
import type { RateLimiter } from './limits.ts';
import { type Method, methods } from './methods/index.ts';
import type { Team } from './team.ts';

interface ApiParts {
  readonly team: Team;
  readonly faults: CallFaults;
  readonly limiter: RateLimiter;
  readonly onCall: (method: string, error: string | undefined) => void;
}

/** `POST /api/<method>`: fault, then token, quota, scope, arguments, in the order the real service shows. */
export function serveWebApi(server: FastifyInstance, parts: ApiParts): void {
  server.route<{ Params: { method: string } }>({
    method: ['GET', 'POST'],
    url: '/api/:method',
    handler: (request, reply) => answer(parts, request.params.method, request, reply),
  });
}

async function answer(parts: ApiParts, name: string, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const fault = parts.faults.strike(name);
  if (fault?.kind === 'server_errors') return reply.code(500).send('Internal Server Error');
  if (fault?.kind === 'rate_limit') return limited(reply, fault.retryAfterSeconds);
  try {
    const args = argumentsOf(request);
    const method = methods.get(name) ?? refuse('unknown_method', [], { req_method: name });
    const granted = grantedScopes(parts.team, method, tokenOf(request, args));
    void reply.header('x-oauth-scopes', granted.join(',')).header('x-accepted-oauth-scopes', method.scope);
    const waitSeconds = parts.limiter.take(name, method.tier, String(args['channel'] ?? ''));
    if (waitSeconds !== undefined) {
      parts.onCall(name, 'ratelimited');
      return limited(reply, waitSeconds);
    }
    if (method.scope !== 'none' && !granted.includes(method.scope)) {
      refuse('missing_scope', [], { needed: method.scope, provided: granted.join(',') });
    }
    const body = { ok: true, ...method.run(args, parts.team) };
    parts.onCall(name, undefined);
    if (fault?.kind === 'lost_answers') {
      request.raw.socket.destroy();
      return reply.hijack();
    }
    return reply.send(body);
  } catch (error) {
    if (!(error instanceof SlackApiRefusal)) throw error;
    parts.onCall(name, error.error);
    return reply.send(error.toBody());
  }
}

function limited(reply: FastifyReply, seconds: number): FastifyReply {
  return reply.code(429).header('retry-after', String(seconds)).send({ ok: false, error: 'ratelimited' });
}

/** Query, form and JSON arguments in one. A JSON body that is no object is `json_not_object`. */
function argumentsOf(request: FastifyRequest): Record<string, unknown> {
  const body = request.body ?? {};
  if (typeof body !== 'object' || Array.isArray(body)) refuse('json_not_object');
  return { ...(request.query as Record<string, unknown>), ...body };
}

function tokenOf(request: FastifyRequest, args: Record<string, unknown>): string {
  const header = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return header ?? (typeof args['token'] === 'string' ? args['token'] : '');
}

/** @throws SlackApiRefusal not_authed, invalid_auth, not_allowed_token_type. */
function grantedScopes(team: Team, method: Method, token: string): readonly string[] {
  const { botToken, appToken, scopes } = team.settings;
  if (token === '') refuse('not_authed');
  if (token !== botToken && token !== appToken) refuse('invalid_auth');
  const kind = token === appToken ? 'app' : 'bot';
  if (kind !== method.token) refuse('not_allowed_token_type');
  return kind === 'app' ? ['connections:write'] : scopes;
}
