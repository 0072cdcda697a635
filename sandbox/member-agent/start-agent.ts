import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { type AgentSecrets, createRequestCheck } from './check-request.ts';
import { type KeptMember, keepMember, Refused } from './keep-member.ts';
import type { ManagedServer } from './managed-server.ts';
import { readRollbackFile, rollbackFilesIn } from './rollback-files.ts';

export interface AgentOptions {
  readonly servers: readonly ManagedServer[];
  /** Where it remembers what it holds; kept when the power fails. */
  readonly folder: string;
  readonly secrets: AgentSecrets;
  readonly port?: number;
  /** What it says of its machine; default nothing: this machine carries much else. */
  readonly machine?: () => unknown;
}

/** The small agent on a region's database machines, as docs/member-agent.md has it. */
export interface MemberAgent {
  readonly url: string;
  /** As HOLDFAST_MEMBER_AGENTS has it: `host=url,host=url`. */
  readonly list: string;
  /** The machines lose their power: the agent and its servers are gone, not ended. */
  powerOff(): Promise<void>;
  /** The agent freezes: who asks it hears nothing until `powerOn`. Its servers are their owner's to freeze. */
  freeze(): void;
  /** They come back: every server starts that is not held. */
  powerOn(): Promise<void>;
  /** Ends the agent; its servers are whoever's they were before. Idempotent. */
  stop(): Promise<void>;
}

export async function startMemberAgent(
  { servers, folder, secrets, port = 0, machine }: AgentOptions,
  now: () => number = Date.now,
): Promise<MemberAgent> {
  const members = servers.map((server) => keepMember(server, folder));
  let frozen: PromiseWithResolvers<void> | undefined;
  const serve = async (at: number): Promise<FastifyInstance> => {
    const server = agentServer(members, secrets, now, machine);
    // async, because a hook that returns nothing is waited for until it calls back
    server.addHook('onRequest', async () => frozen?.promise);
    await server.listen({ host: '127.0.0.1', port: at });
    return server;
  };
  let http: FastifyInstance | undefined = await serve(port);
  const bound = (http.server.address() as AddressInfo).port;
  const url = `http://127.0.0.1:${bound}`;
  const close = async () => {
    await http?.close();
    http = undefined;
  };
  return {
    url,
    list: servers.map(({ host }) => `${host}=${url}`).join(','),
    powerOff: async () => {
      for (const member of members) member.powerOff();
      await close();
    },
    freeze: () => {
      frozen ??= Promise.withResolvers();
    },
    powerOn: async () => {
      frozen?.resolve();
      frozen = undefined;
      http ??= await serve(bound);
      await Promise.all(members.map((member) => member.powerOn()));
    },
    stop: async () => {
      await close();
      await Promise.all(members.map((member) => member.leave()));
    },
  };
}

type ForMember = { Params: { host: string; '*': string } };

function agentServer(
  members: readonly KeptMember[],
  secrets: AgentSecrets,
  now: () => number,
  machine?: () => unknown,
): FastifyInstance {
  const app = fastify({ logger: false, forceCloseConnections: true, bodyLimit: 1_000 });
  const check = createRequestCheck(secrets, now);
  // The signature is over the bytes as they came.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addHook('preHandler', async (request, reply) => {
    const header = (name: string): string | undefined => request.headers[name]?.toString();
    const refusal = check({
      method: request.method,
      path: request.url,
      body: typeof request.body === 'string' ? request.body : '',
      timestamp: header('x-holdfast-timestamp'),
      nonce: header('x-holdfast-nonce'),
      signature: header('x-holdfast-signature'),
    });
    if (refusal) return reply.code(refusal.status).send({ error: refusal.why });
  });
  app.setErrorHandler(async (error, _request, reply) => {
    const known = error instanceof Refused;
    const message = error instanceof Error ? error.message : String(error);
    return reply.code(known ? 409 : 503).send({ error: message });
  });
  const memberOf = (host: string): KeptMember => {
    const found = members.find(({ server }) => server.host === host);
    if (!found) throw new Refused(`There is no ${host} here.`);
    return found;
  };
  const about = (member: KeptMember) => ({
    host: member.server.host,
    region: member.server.region,
    ...member.look(),
    ...(machine ? { machine: machine() } : {}),
  });
  app.get<ForMember>('/v1/members/:host', async ({ params }) => about(memberOf(params.host)));
  for (const order of ['hold', 'start', 'found', 'wipe'] as const) {
    app.post<ForMember>(`/v1/members/:host/${order}`, async ({ params }) => {
      const member = memberOf(params.host);
      await member[order]();
      return about(member);
    });
  }
  app.post<ForMember>('/v1/members/:host/start-alone', async ({ params }) => {
    const member = memberOf(params.host);
    const address = await member.startAlone();
    return { ...about(member), address };
  });
  app.get<ForMember>('/v1/members/:host/rollback-files', async ({ params }) => ({
    files: rollbackFilesIn(memberOf(params.host).server.dataPath),
  }));
  app.get<ForMember>('/v1/members/:host/rollback-files/*', async ({ params }, reply) => {
    const file = readRollbackFile(memberOf(params.host).server.dataPath, params['*']);
    if (!file) return reply.code(404).send({ error: 'There is no such rollback file.' });
    return reply.header('content-length', file.bytes).type('application/octet-stream').send(file.stream);
  });
  return app;
}
