import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonId } from '#core';
import { type Card, type Chat, directChannel, type MessagePlace } from '#ports';

export interface OpenedChat {
  readonly chat: Chat;
  readonly channel: string;
  readonly person: PersonId;
  /** The push text of the message there, and of every one in its thread. */
  read(place: MessagePlace): string | undefined;
  count(): number;
  /** The next call of this method takes effect, and its answer is lost. */
  loseAnswer(method: 'post' | 'direct'): Promise<void>;
  limit(method: 'post', retryAfterSeconds: number): Promise<void>;
  setAlive(alive: boolean): Promise<void>;
  close(): Promise<void>;
}

const card = (push: string): Card => ({ push, parts: [{ kind: 'text', text: [{ bold: push }] }] });

/** What every chat must do. */
export function chatContract(open: () => Promise<OpenedChat>): void {
  describe('the chat', () => {
    let opened: OpenedChat;
    let chat: Chat;
    let root: MessagePlace;
    beforeAll(async () => {
      opened = await open();
      chat = opened.chat;
    });
    afterAll(() => opened.close());

    it('says who it is', async () => {
      expect(await chat.check()).toEqual({ team: expect.any(String), bot: expect.any(String) });
    });

    it('posts a card, and a line into its thread', async () => {
      root = await chat.post({ channel: opened.channel, card: card('root'), sequence: 'root-1' });
      const line = await chat.post({
        channel: opened.channel,
        threadTs: root.ts,
        card: card('line'),
        sequence: 'line-1',
      });
      expect(opened.read(root)).toBe('root');
      expect(opened.read(line)).toBe('line');
    });

    it('replaces a card in place, and finds it by its sequence afterwards', async () => {
      await chat.update(root, card('changed'));
      await chat.update(root, card('changed'));
      expect(opened.read(root)).toBe('changed');
      expect(await chat.findPosted(opened.channel, undefined, 'root-1')).toEqual(root);
    });

    it('finds lines in their thread only, and nothing that was never posted', async () => {
      expect(await chat.findPosted(opened.channel, root.ts, 'line-1')).toMatchObject({ channel: root.channel });
      expect(await chat.findPosted(opened.channel, undefined, 'line-1')).toBeUndefined();
      expect(await chat.findPosted(opened.channel, root.ts, 'line-2')).toBeUndefined();
    });

    it('finds a message whose answer was lost', async () => {
      await opened.loseAnswer('post');
      const lost = chat.post({ channel: opened.channel, threadTs: root.ts, card: card('lost'), sequence: 'line-3' });
      await expect(lost).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE', kind: 'transient' });
      const there = await chat.findPosted(opened.channel, root.ts, 'line-3');
      expect(there && opened.read(there)).toBe('lost');
    });

    it('writes to one person, and finds that by its sequence too', async () => {
      const place = await chat.direct(opened.person, card('for you'), 'direct-1');
      expect(opened.read(place)).toBe('for you');
      expect(await chat.findPosted(directChannel(opened.person), undefined, 'direct-1')).toEqual(place);
    });

    it('passes on how long it is asked to wait', async () => {
      await opened.limit('post', 7);
      const post = chat.post({ channel: opened.channel, card: card('too fast'), sequence: 'root-2' });
      await expect(post).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE', data: { retryAfterMs: 7000 } });
    });

    it('says that a message is gone, and that this is about the place', async () => {
      const nowhere = chat.update({ channel: root.channel, ts: '1600000000.000001' }, card('x'));
      await expect(nowhere).rejects.toMatchObject({
        code: 'CHAT_REFUSED',
        kind: 'permanent',
        data: { about: 'place' },
      });
    });

    it('is unavailable while it is down, says so soon, and works again by itself', async () => {
      await opened.setAlive(false);
      const before = opened.count();
      const startedAt = performance.now();
      const post = chat.post({ channel: opened.channel, card: card('x'), sequence: 'root-4' });
      await expect(post).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
      await expect(chat.check()).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
      expect(performance.now() - startedAt).toBeLessThan(6000);
      await opened.setAlive(true);
      expect(opened.count()).toBe(before);
      await chat.post({ channel: opened.channel, card: card('back'), sequence: 'root-5' });
      expect(opened.count()).toBe(before + 1);
    });
  });
}
