import { afterEach, describe, expect, it } from 'vitest';
import {
  chatRefused,
  chatUnavailable,
  createSettableClock,
  type KeptMessage,
  memoryChat,
  memoryControlStore,
  memoryLeases,
  type SettableClock,
} from '#adapters/memory';
import { PersonId, RequestId, say, systemRandom } from '#core';
import { type Card, directChannel } from '#ports';
import {
  createPoster,
  createTimeline,
  type Poster,
  type PosterOptions,
  queueDirectMessage,
  type ThreadId,
} from '#record';

const start = new Date('2026-11-23T08:09:00Z');
const alex = PersonId.parse('alex-chen');
const request = (number: number) => RequestId.parse(`R-${number}`);
const textOf = (message: KeptMessage): string => message.card.push;

function world() {
  const clock = createSettableClock(start);
  const store = memoryControlStore(clock);
  const leases = memoryLeases(clock);
  const chat = memoryChat();
  const timeline = createTimeline({ store, clock, random: systemRandom });
  const cards = new Map<string, string>();
  const troubles: string[] = [];
  const options: PosterOptions = {
    store,
    leases,
    timeline,
    chat,
    clock,
    holder: 'p1',
    channelOf: () => 'C1',
    renderCard: async (thread): Promise<Card | undefined> => {
      const push = cards.get(thread);
      return push === undefined ? undefined : { push, parts: [{ kind: 'text', text: [push] }] };
    },
    nameOf: (person) => (person === alex ? 'Alex Chen' : person),
    onTrouble: (what) => void troubles.push(what),
  };
  const tell = (id: string, number = 42) =>
    timeline.append({
      id,
      request: request(number),
      kind: 'step',
      actor: 'holdfast',
      text: say`Fact ${id}.`,
      inThread: true,
    });
  const lines = (number = 42): string[] => {
    const roots = new Set(
      chat.messages.filter((each) => each.sequence.startsWith(`root-R-${number}-`)).map((each) => each.place.ts),
    );
    return chat.messages.filter((each) => each.threadTs !== undefined && roots.has(each.threadTs)).map(textOf);
  };
  const roots = (): string[] => chat.messages.filter((each) => each.threadTs === undefined).map(textOf);
  return { clock, store, leases, chat, timeline, cards, troubles, options, tell, lines, roots };
}

/** Time passes in steps a clock could show, so that what follows from what is in the right order. */
async function pass(clock: SettableClock, seconds: number): Promise<void> {
  for (let step = 0; step < seconds * 4; step += 1) await clock.advance(250);
}

describe('the poster', () => {
  const started: Poster[] = [];
  const startPoster = (options: PosterOptions): Poster => {
    const poster = createPoster(options);
    started.push(poster);
    poster.start();
    return poster;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((poster) => poster.stop()));
  });

  it('posts the card first, then one line a fact, in order, with its own time and mentions', async () => {
    const { clock, chat, cards, options, tell, timeline, lines, roots } = world();
    cards.set('R-42', 'APPROVAL NEEDED');
    await tell('a');
    await timeline.append({
      id: 'b',
      request: request(42),
      kind: 'approved',
      actor: alex,
      text: say`Alex Chen approved as Database Admin. 1 of 2.`,
      notify: [PersonId.parse('john-smith')],
      inThread: true,
    });
    startPoster(options);
    await pass(clock, 4);
    expect(roots()).toEqual(['APPROVAL NEEDED']);
    expect(lines()).toEqual([
      '08:09:00 UTC  Fact a.',
      '08:09:00 UTC  Alex Chen approved as Database Admin. 1 of 2. john-smith',
    ]);
    const text = chat.messages[2]?.card.parts[0];
    expect(text).toMatchObject({
      kind: 'text',
      text: [{ time: start }, expect.any(String), ' ', { mention: 'john-smith' }],
    });
  });

  it('waits for the card without keeping other threads waiting', async () => {
    const { clock, cards, options, tell, lines } = world();
    await tell('a', 1);
    cards.set('R-2', 'second');
    await tell('b', 2);
    startPoster(options);
    await pass(clock, 3);
    expect(lines(2)).toHaveLength(1);
    expect(lines(1)).toHaveLength(0);
    cards.set('R-1', 'first');
    await pass(clock, 4);
    expect(lines(1)).toEqual(['08:09:00 UTC  Fact a.']);
  });

  it('posts about one message a second in a channel', async () => {
    const { clock, cards, chat, options, tell } = world();
    cards.set('R-42', 'card');
    for (let index = 0; index < 8; index += 1) await tell(`e${index}`);
    startPoster(options);
    await pass(clock, 5);
    expect(chat.messages.length).toBeGreaterThanOrEqual(4);
    expect(chat.messages.length).toBeLessThanOrEqual(6);
    await pass(clock, 6);
    expect(chat.messages).toHaveLength(9);
  });

  it('is within a second of a fact told in the same process', async () => {
    const { clock, cards, options, tell, lines } = world();
    cards.set('R-42', 'card');
    await tell('a');
    const poster = startPoster(options);
    await pass(clock, 10);
    await tell('b');
    await clock.advance(10);
    expect(lines()).toHaveLength(2);
    expect(await poster.freshness()).toMatchObject({ lagMs: 0, threadsBehind: 0 });
  });

  it('edits the card in place, only when it looks different, at most about once a second, the newest only', async () => {
    const { clock, cards, chat, options, tell, roots } = world();
    cards.set('R-42', 'step 0');
    await tell('a');
    const poster = startPoster(options);
    await pass(clock, 3);
    for (let step = 1; step <= 40; step += 1) {
      cards.set('R-42', `step ${step}`);
      poster.changed();
      await clock.advance(100);
    }
    await pass(clock, 3);
    expect(roots()).toEqual(['step 40']);
    const edits = chat.messages[0]?.earlier.length ?? 0;
    expect(edits).toBeGreaterThanOrEqual(3);
    expect(edits).toBeLessThanOrEqual(6);
    await pass(clock, 10);
    expect(chat.messages[0]?.earlier).toHaveLength(edits);
  });

  it('ends an old card and goes on under a new one', async () => {
    const { clock, cards, options, tell, chat, roots } = world();
    cards.set('R-42', 'first card');
    await tell('a');
    const poster = startPoster(options);
    await pass(clock, 3);
    cards.set('R-42', 'second card');
    await poster.newRoot(request(42), 2, { push: 'VOID', parts: [] });
    await poster.newRoot(request(42), 2, { push: 'VOID AGAIN', parts: [] });
    await tell('b');
    await pass(clock, 6);
    expect(roots()).toEqual(['VOID', 'second card']);
    expect(chat.messages.at(-1)).toMatchObject({
      threadTs: chat.messages[2]?.place.ts,
      card: { push: '08:09:03 UTC  Fact b.' },
    });
  });

  it('two minutes without Slack: everything arrives afterwards, in order, once, with a line about it', async () => {
    const { clock, cards, chat, options, tell, lines } = world();
    cards.set('R-42', 'card');
    await tell('before');
    startPoster(options);
    await pass(clock, 4);
    chat.failWith(() => ({ kind: 'refuse', error: chatUnavailable() }));
    for (let minute = 0; minute < 12; minute += 1) {
      await tell(`during ${minute}`);
      await pass(clock, 10);
    }
    expect(lines()).toHaveLength(1);
    chat.failWith(undefined);
    await pass(clock, 20);
    await tell('after');
    await pass(clock, 3);
    const during = Array.from({ length: 12 }, (_, index) => `Fact during ${index}.`);
    expect(lines().map((line) => line.replace(/^[0-9:]+ UTC {2}/, ''))).toEqual([
      'Fact before.',
      '08:09 to 08:11 UTC Slack could not be reached. 12 entries follow with their own times.',
      ...during,
      'Fact after.',
    ]);
    expect(lines()[2]).toMatch(/^08:09:04 UTC/);
    expect(lines()[13]).toMatch(/^08:10:5/);
  });

  it('posts nothing twice when answers are lost, whichever they are', async () => {
    const { clock, cards, chat, options, tell, lines, roots } = world();
    cards.set('R-42', 'card');
    let calls = 0;
    chat.failWith((method) => {
      calls += 1;
      return method === 'post' && calls % 2 ? { kind: 'loseAnswer', error: chatUnavailable() } : undefined;
    });
    for (let index = 0; index < 6; index += 1) await tell(`e${index}`);
    startPoster(options);
    await pass(clock, 60);
    expect(roots()).toEqual(['card']);
    expect(lines()).toHaveLength(6);
    expect(new Set(lines()).size).toBe(6);
  });

  it('proves that the question before a resend is what keeps doubles out', async () => {
    const { clock, cards, chat, options, tell, lines } = world();
    cards.set('R-42', 'card');
    let posts = 0;
    chat.failWith((method) => {
      if (method === 'post') posts += 1;
      return method === 'post' && posts === 2 ? { kind: 'loseAnswer', error: chatUnavailable() } : undefined;
    });
    await tell('a');
    startPoster({ ...options, chat: { ...chat, findPosted: async () => undefined } });
    await pass(clock, 20);
    expect(lines()).toEqual(['08:09:00 UTC  Fact a.', '08:09:00 UTC  Fact a.']);
  });

  it('waits as long as the service says, and does not call that an outage', async () => {
    const { clock, cards, chat, options, tell, lines } = world();
    cards.set('R-42', 'card');
    await tell('a');
    const poster = startPoster(options);
    await pass(clock, 3);
    let tries = 0;
    chat.failWith((method) => {
      if (method !== 'post') return undefined;
      tries += 1;
      return tries === 1 ? { kind: 'refuse', error: chatUnavailable(40_000) } : undefined;
    });
    await tell('b');
    await pass(clock, 39);
    expect(tries).toBe(1);
    expect((await poster.freshness()).lagMs).toBeGreaterThan(30_000);
    await pass(clock, 4);
    expect(lines()).toHaveLength(2);
  });

  it('two processes post as one, and the second goes on where the first was killed', async () => {
    const { clock, cards, options, tell, chat, lines } = world();
    cards.set('R-42', 'card');
    for (let index = 0; index < 12; index += 1) await tell(`e${index}`);
    let frozen = false;
    const forever = new Promise<never>(() => undefined);
    // The first process stops existing right after its fourth message arrived, before it could note that.
    let posts = 0;
    const dying: PosterOptions['chat'] = {
      ...chat,
      post: async (message) => {
        posts += 1;
        const place = await chat.post(message);
        if (posts < 4) return place;
        frozen = true;
        return await forever;
      },
    };
    const first = createPoster({
      ...options,
      chat: dying,
      holder: 'p1',
      leases: { ...options.leases, renew: (lease, ms) => (frozen ? forever : options.leases.renew(lease, ms)) },
    });
    first.start();
    await clock.advance(10);
    startPoster({ ...options, holder: 'p2' });
    await pass(clock, 40);
    expect(posts).toBe(4);
    expect(lines().map((line) => line.slice(14))).toEqual(Array.from({ length: 12 }, (_, index) => `Fact e${index}.`));
  });

  it('posts plain text when the form is refused, and goes on when even that is refused', async () => {
    const { clock, cards, chat, options, tell, lines, troubles } = world();
    cards.set('R-42', 'card');
    await tell('a');
    startPoster(options);
    await pass(clock, 3);
    const refusals = [
      chatRefused('invalid_blocks', 'message'),
      chatRefused('invalid_blocks', 'message'),
      chatRefused('no_text', 'message'),
    ];
    let posts = 0;
    chat.failWith((method) => {
      if (method !== 'post') return undefined;
      posts += 1;
      const error = [refusals[0], undefined, refusals[1], refusals[2]][posts - 1];
      return error && { kind: 'refuse', error };
    });
    for (const id of ['b', 'c', 'd']) await tell(id);
    await pass(clock, 8);
    expect(lines().map((line) => line.slice(14))).toEqual(['Fact a.', 'Fact b.', 'Fact d.']);
    expect(chat.messages.find((each) => each.card.push.endsWith('b.'))?.card.parts).toEqual([]);
    expect(troubles).toHaveLength(3);
  });

  it('posts a new card when somebody deleted it', async () => {
    const { clock, cards, chat, options, tell, roots } = world();
    cards.set('R-42', 'one');
    await tell('a');
    startPoster(options);
    await pass(clock, 3);
    chat.failWith((method) =>
      method === 'update' ? { kind: 'refuse', error: chatRefused('message_not_found', 'place') } : undefined,
    );
    cards.set('R-42', 'two');
    await pass(clock, 4);
    expect(roots()).toEqual(['one', 'two']);
  });

  it('loses nothing while the channel refuses everything', async () => {
    const { clock, cards, chat, options, tell, lines } = world();
    cards.set('R-42', 'card');
    chat.failWith((method) =>
      method === 'post' ? { kind: 'refuse', error: chatRefused('is_archived', 'place') } : undefined,
    );
    await tell('a');
    startPoster(options);
    await pass(clock, 20);
    chat.failWith(undefined);
    await pass(clock, 20);
    expect(lines().at(-1)).toBe('08:09:00 UTC  Fact a.');
  });

  it('a card that cannot be drawn does not keep the others from being posted', async () => {
    const { clock, cards, options, tell, lines, troubles } = world();
    cards.set('R-2', 'card');
    await tell('a', 1);
    await tell('b', 2);
    const renderCard = async (thread: ThreadId) => {
      if (thread === 'R-1') throw new Error('no such field');
      return await options.renderCard(thread);
    };
    startPoster({ ...options, renderCard });
    await pass(clock, 4);
    expect(lines(2)).toHaveLength(1);
    expect(troubles.some((each) => each.includes('R-1'))).toBe(true);
  });

  it('delivers a direct message once, also when its answer was lost, and not when it is too late', async () => {
    const { clock, store, chat, options } = world();
    const message = { person: alex, card: { push: 'Approve?', parts: [] }, until: new Date(start.getTime() + 60_000) };
    let lost = false;
    chat.failWith((method) => {
      if (method !== 'direct' || lost) return undefined;
      lost = true;
      return { kind: 'loseAnswer', error: chatUnavailable() };
    });
    await queueDirectMessage(store, { ...message, id: 'R-42/approval/1/alex-chen' });
    await queueDirectMessage(store, { ...message, id: 'R-42/approval/1/alex-chen' });
    startPoster(options);
    await pass(clock, 10);
    expect(chat.messages.map((each) => each.place.channel)).toEqual([directChannel(alex)]);
    await pass(clock, 60);
    await queueDirectMessage(store, { ...message, id: 'late' });
    await pass(clock, 5);
    expect(chat.messages).toHaveLength(1);
  });
});
