import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import {
  chatRefused,
  chatUnavailable,
  createSettableClock,
  memoryChat,
  memoryControlStore,
  memoryLeases,
} from '#adapters/memory';
import { IncidentId, say, systemRandom } from '#core';
import { createIncidentLinks } from '#flows';
import { createPoster, createTimeline } from '#record';

const INC = IncidentId.parse('INC-17');
const AWAY = { kind: 'refuse', error: chatUnavailable() } as const;
const START = new Date('2026-11-23T08:02:00Z');

function world() {
  const clock = createSettableClock(START);
  const store = memoryControlStore(clock);
  const chat = memoryChat();
  const timeline = createTimeline({ store, clock, random: systemRandom });
  const poster = createPoster({
    ...{ store, timeline, chat, clock, holder: 'p1', leases: memoryLeases(clock) },
    channelOf: () => 'C1',
    renderCard: async () => ({ push: 'SEV-1', parts: [] }),
    nameOf: String,
    onTrouble: () => undefined,
  });
  const linkTo = createIncidentLinks({ store, clock, channel: '#incident-response' });
  const tell = () =>
    timeline.append({
      id: 'INC-17/1',
      incident: INC,
      kind: 'incident',
      actor: 'holdfast',
      text: say`x`,
      inThread: true,
    });
  const pass = async (seconds: number): Promise<void> => {
    for (let step = 0; step < seconds * 4; step += 1) await clock.advance(250);
  };
  /** The answer, and how long it took by the clock. */
  const asked = async () => {
    const began = clock.monotonicMs();
    let ended = false;
    const answer = linkTo(INC).finally(() => {
      ended = true;
    });
    for (let step = 0; step < 40; step += 1) {
      // what needs no time ends without any
      await setImmediate();
      if (ended) break;
      await clock.advance(250);
    }
    return { ...(await answer), tookMs: clock.monotonicMs() - began };
  };
  return { clock, chat, poster, linkTo, tell, pass, asked };
}

it('the link to an incident is its thread in the chat, waited for while it is being posted', async () => {
  const { chat, poster, tell, asked } = world();
  await tell();
  poster.start();
  const { tookMs, ...link } = await asked();
  const ts = chat.messages[0]?.place.ts;
  expect(link).toEqual({ url: `https://chat.example/C1/${ts}` });
  expect(tookMs).toBeLessThan(3_000);
  await poster.stop();
});

it('the link is known although the chat is away since, and leads to the new message where there is a new one', async () => {
  const { chat, poster, tell, asked, pass } = world();
  await tell();
  poster.start();
  await pass(3);
  chat.failWith(() => AWAY);
  await poster.newRoot(INC, 2, { push: 'over', parts: [] });
  await pass(5);
  expect(await asked()).toMatchObject({ url: `https://chat.example/C1/${chat.messages[0]?.place.ts}`, tookMs: 0 });
  chat.failWith(() => undefined);
  await pass(5);
  expect(await asked()).toMatchObject({ url: `https://chat.example/C1/${chat.messages.at(-1)?.place.ts}` });
  await poster.stop();
});

it('a chat that can not be reached is named, with what works, and nobody waits for it', async () => {
  const { chat, poster, tell, asked, pass } = world();
  chat.failWith(() => AWAY);
  await tell();
  poster.start();
  await pass(2);
  expect(await asked()).toEqual({
    without: 'none, Slack has not been reached since 08:02:00 UTC. In a terminal: dr incident show INC-17',
    tookMs: 0,
  });
  await poster.stop();
});

it('where nobody posts one page waits for three seconds and the next do not, until a minute has passed', async () => {
  const { tell, asked, pass } = world();
  await tell();
  const first = await asked();
  expect(first).toMatchObject({
    without: expect.stringContaining('#incident-response is not posted yet'),
    tookMs: 3_000,
  });
  expect((await asked()).tookMs).toBe(0);
  await pass(60);
  expect((await asked()).tookMs).toBe(3_000);
});

it('a chat that refuses to say the address is asked for it once', async () => {
  const { chat, poster, tell, asked, pass } = world();
  let asks = 0;
  chat.failWith((method) => {
    if (method !== 'permalink') return undefined;
    asks += 1;
    return { kind: 'refuse', error: chatRefused('not_in_channel', 'access') };
  });
  await tell();
  poster.start();
  await pass(20);
  expect([asks, chat.messages.length > 1]).toEqual([1, true]);
  expect(await asked()).toMatchObject({ without: expect.any(String) });
  await poster.stop();
});
