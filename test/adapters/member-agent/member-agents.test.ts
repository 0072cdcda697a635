import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fetch } from 'undici';
import { afterEach, expect, it } from 'vitest';
import { memberAgents } from '#adapters/member-agent';
import { systemClock } from '#core';
import { startMemberAgent } from '#sandbox/member-agent';
import { memberHostsContract, ROLLBACK_FILE } from '../../contract/member-hosts.contract.ts';
import { paperServer, temporaryFolder } from '../../sandbox/member-agent/paper-server.ts';

const NAMES = ['east-1:27017', 'east-2:27017'] as const;
const SECRETS = { orders: 'agent-secret', questions: 'question-secret' };

async function openAgent(now?: () => number, machine?: () => unknown) {
  const folder = temporaryFolder();
  const papers = NAMES.map((name) => paperServer(name, folder.path));
  const state = join(folder.path, 'agent');
  const agent = await startMemberAgent(
    { servers: papers.map(({ server }) => server), folder: state, secrets: SECRETS, ...(machine ? { machine } : {}) },
    now,
  );
  const stop = async () => {
    await agent.stop();
    folder.remove();
  };
  return { agent, papers, state, stop };
}

const through = (url: string, secrets: { orders: string | undefined; questions: string } = SECRETS) =>
  memberAgents({
    agents: Object.fromEntries(NAMES.map((name) => [name, url])),
    secrets,
    clock: systemClock,
    uriOf: (address) => `mongodb://reader@${address}/?directConnection=true`,
    asksWithinMs: 1_000,
  });

memberHostsContract('agent over HTTP', async () => {
  const { agent, papers, stop } = await openAgent();
  return {
    hosts: through(agent.url),
    names: NAMES,
    setPower: (on) => (on ? agent.powerOn() : agent.powerOff()),
    crash: () => papers[0]?.abort(),
    leaveRollbackFile: (bytes) => papers[0]?.leave(ROLLBACK_FILE, bytes),
    close: stop,
  };
});

const closing: (() => Promise<unknown> | undefined)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Passes requests on to the agent and keeps them, as somebody on the way could. */
async function listening(answer: (server: Server) => void): Promise<string> {
  const server = createServer();
  answer(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('an order that somebody caught on its way is not followed again', async () => {
  const { agent, papers, stop } = await openAgent();
  closing.push(stop);
  const caught: { url: string; headers: Record<string, string> }[] = [];
  const between = await listening((server) =>
    server.on('request', async (request, response) => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => name.startsWith('x-') || name === 'content-type'),
      ) as Record<string, string>;
      caught.push({ url: request.url ?? '', headers });
      const answer = await fetch(agent.url + request.url, { method: 'POST', body: '{}', headers });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    }),
  );
  await through(between).hold(NAMES[0]);
  await through(agent.url).start(NAMES[0]);
  const [order] = caught;
  const again = await fetch(agent.url + order?.url, { method: 'POST', body: '{}', headers: order?.headers ?? {} });
  expect([again.status, papers[0]?.server.running()]).toEqual([401, true]);
  // nor for another member, nor with another body
  const other = String(order?.url).replace('east-1', 'east-2');
  const bent = await fetch(agent.url + other, { method: 'POST', body: '{}', headers: order?.headers ?? {} });
  expect(bent.status).toBe(401);
});

it('a wrong secret and an old clock are refused, and the hint says where to look', async () => {
  const { agent, stop } = await openAgent();
  closing.push(stop);
  await expect(through(agent.url, { ...SECRETS, questions: 'other' }).look(NAMES[0])).rejects.toMatchObject({
    code: 'HOST_REFUSED',
    hint: expect.stringContaining('HOLDFAST_MEMBER_AGENT_SECRET'),
  });
  const late = await openAgent(() => Date.now() + 400_000);
  closing.push(late.stop);
  await expect(through(late.agent.url).look(NAMES[0])).rejects.toMatchObject({ code: 'HOST_REFUSED' });
});

it('whoever has the secret for questions sees everything, and can give no order and read no file', async () => {
  const { agent, papers, stop } = await openAgent();
  closing.push(stop);
  const [name] = NAMES;
  papers[0]?.leave(ROLLBACK_FILE, Buffer.from('a document'));
  // as a bot or a detector has it: it is not even sent
  const asking = through(agent.url, { ...SECRETS, orders: undefined });
  expect(await asking.look(name)).toMatchObject({ state: 'running' });
  expect(await asking.rollbackFiles(name)).toMatchObject([{ name: ROLLBACK_FILE }]);
  await expect(asking.hold(name)).rejects.toMatchObject({
    message: expect.stringContaining('may only ask'),
    hint: expect.stringContaining('HOLDFAST_MEMBER_AGENT_SECRET'),
  });
  // as somebody would send it who found that secret: the agent refuses
  const forging = through(agent.url, { orders: SECRETS.questions, questions: SECRETS.questions });
  const orders = [forging.hold, forging.start, forging.startAlone, forging.found, forging.wipe];
  for (const order of orders) {
    await expect(order(name)).rejects.toMatchObject({
      data: { status: 403 },
      hint: expect.stringContaining('Orders need'),
    });
  }
  await expect(Array.fromAsync(forging.readRollbackFile(name, ROLLBACK_FILE))).rejects.toMatchObject({
    data: { status: 403 },
  });
  expect(papers[0]?.server.running()).toBe(true);
});

it('what the machine carries is told, and in another form it is not known and keeps nobody from holding a member', async () => {
  const carries = { cores: 4, busySeconds: 12.5, memory: { bytes: 16e9, availableBytes: 9e9 } };
  let said: unknown = carries;
  const { agent, stop } = await openAgent(undefined, () => said);
  closing.push(stop);
  const hosts = through(agent.url);
  expect((await hosts.look(NAMES[0])).machine).toEqual(carries);
  for (said of [{ ...carries, cores: 0 }, { cores: 'many' }, 'idle', null]) {
    expect((await hosts.look(NAMES[0])).machine).toBeUndefined();
  }
  await hosts.hold(NAMES[0]);
});

it('a region that its machines know as given up stays down when the power comes back', async () => {
  const { agent, papers, state, stop } = await openAgent();
  closing.push(stop);
  await agent.powerOff();
  writeFileSync(join(state, 'given-up'), '');
  await agent.powerOn();
  expect(papers.map(({ server }) => server.running())).toEqual([false, false]);
  expect((await through(agent.url).look(NAMES[0])).state).toBe('held');
});

it.each([
  ['a page of a proxy', '<html>', {}],
  ['a state that there is not', '{"host":"east-1:27017","region":"us-east-1","state":"resting","crashes":0}', {}],
  ['a redirect', '', { status: 302, location: 'http://127.0.0.1:1/' }],
])('%s is no answer', async (_what, body, { status = 200, location }: { status?: number; location?: string }) => {
  const url = await listening((server) =>
    server.on('request', (_request, response) =>
      response.writeHead(status, location === undefined ? {} : { location }).end(body),
    ),
  );
  await expect(through(url).look(NAMES[0])).rejects.toMatchObject({ code: expect.stringMatching(/^HOST_/) });
});

it('a rollback file that is cut short is no file', async () => {
  const url = await listening((server) =>
    server.on('request', (_request, response) => {
      response.writeHead(200, { 'content-length': 1_000 }).write('abc');
      setTimeout(() => response.destroy(), 20);
    }),
  );
  const reading = async () => {
    for await (const _chunk of through(url).readRollbackFile(NAMES[0], ROLLBACK_FILE));
  };
  await expect(reading()).rejects.toMatchObject({ code: 'HOST_UNAVAILABLE' });
});
