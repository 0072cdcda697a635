import { createServer } from 'node:http';
import { fetch } from 'undici';
import { healthAgent, httpHealthLook } from '#adapters/probes';
import { systemClock } from '#core';
import { createRounds, type Probe } from '#detection';
import { type BenchCase, secondsSince } from '../bench-case.ts';

const PROBES = 500;
/** Not counted: connections are opened, code is compiled. */
const FIRST = 3;
const ROUNDS = 10;

/**
 * What a round of 500 probes costs, and how that grows: at 1,000 probes twice of it would be no more than linear. All ask a
 * server of this process over HTTP. Floor: the same requests, by connections of their own too, with nothing around them.
 */
export const detectCase: BenchCase = {
  name: 'detect',
  async measure({ scale, say }) {
    const probes = Math.max(10, Math.round(PROBES * scale));
    const server = createServer((_request, response) => response.end('{"healthy":true}'));
    await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, resolve));
    const at = server.address();
    const origin = `http://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`;
    try {
      const floor = await bare(origin, probes);
      say(`floor: ${probes} requests in ${floor.roundMs} ms`);
      const [one, two] = [await rounds(origin, probes), await rounds(origin, probes * 2)];
      say(`${probes} probes: ${one.roundMs} ms a round, ${probes * 2}: ${two.roundMs} ms`);
      const growth = Number((two.roundMs / one.roundMs).toFixed(2));
      return { ours: { ...one, probes, doubleRoundMs: two.roundMs, growth }, floor };
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
};

async function rounds(origin: string, count: number) {
  const agent = healthAgent();
  const probes = Array.from({ length: count }, (_, index): Probe => {
    const run = httpHealthLook({ url: `${origin}/${index}`, slowMs: 10_000, clock: systemClock, agent });
    return { name: `probe-${index}`, check: 'application_response', subject: 'server', speaksFor: 'itself', run };
  });
  const { round } = createRounds({ probes, withinMs: 10_000, clock: systemClock });
  const measured = await measure(async () => {
    const failed = (await round()).filter(({ result }) => result.state !== 'well').length;
    if (failed > 0) throw new Error(`${failed} of ${count} probes failed.`);
  });
  await agent.destroy();
  return measured;
}

async function bare(origin: string, count: number) {
  const agent = healthAgent();
  const measured = await measure(async () => {
    const ask = async (_: unknown, index: number) => (await fetch(`${origin}/${index}`, { dispatcher: agent })).text();
    await Promise.all(Array.from({ length: count }, ask));
  });
  await agent.destroy();
  return measured;
}

/** The middle of several rounds. */
async function measure(round: () => Promise<void>): Promise<{ readonly seconds: number; readonly roundMs: number }> {
  const took: number[] = [];
  for (let turn = 0; turn < FIRST + ROUNDS; turn += 1) {
    const startMs = performance.now();
    await round();
    if (turn >= FIRST) took.push(secondsSince(startMs));
  }
  const seconds = took.sort((a, b) => a - b)[Math.floor(took.length / 2)] ?? 0;
  return { seconds, roundMs: Math.round(seconds * 1_000) };
}
