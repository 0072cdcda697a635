import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slackChat } from '#adapters/slack';
import { createLogger, PersonId, systemClock } from '#core';
import type { Card, Chat } from '#ports';
import { rosterPeople, type SlackWorkspace, startSlackWorkspace } from '#sandbox/slack';
import { chatContract } from '../../contract/chat.contract.ts';

const alex = PersonId.parse('alex-chen');
const nobody = PersonId.parse('david-kim');
const names = {
  userOf: (person: PersonId) => (person === alex ? 'U0ALEXCHEN' : undefined),
  nameOf: (person: PersonId) => (person === alex ? 'Alex Chen' : 'David Kim'),
};

async function openSlack() {
  const slack = await startSlackWorkspace({ people: [...rosterPeople] });
  const chat = slackChat({
    token: slack.tokens.bot,
    apiUrl: slack.apiUrl,
    names,
    clock: systemClock,
    log: createLogger('test', 'silent'),
    timeoutMs: 2000,
  });
  return { slack, chat };
}

describe('the chat on Slack', () => {
  chatContract(async () => {
    const { slack, chat } = await openSlack();
    const all = () => slack.channels.flatMap((channel) => slack.messages(channel.id));
    const methods = ['chat.postMessage'];
    return {
      chat,
      channel: '#incident-response',
      person: alex,
      read: ({ channel, ts }) => all().find((each) => each.channel === channel && each.ts === ts)?.text,
      count: () => all().length,
      loseAnswer: () => slack.break({ kind: 'lost_answers', count: 1, methods }),
      limit: (_, retryAfterSeconds) => slack.break({ kind: 'rate_limit', count: 1, retryAfterSeconds, methods }),
      setAlive: (alive) => (alive ? slack.mend() : slack.break({ kind: 'cut', seconds: 60, how: 'hang' })),
      close: () => slack.stop(),
    };
  });

  describe('besides', () => {
    let slack: SlackWorkspace;
    let chat: Chat;
    const card: Card = { push: 'words', parts: [{ kind: 'text', text: ['words'] }] };
    beforeAll(async () => {
      ({ slack, chat } = await openSlack());
    });
    afterAll(() => slack.stop());

    it('does not retry inside a call', async () => {
      await slack.break({ kind: 'server_errors', count: 1, methods: ['chat.postMessage'] });
      const post = chat.post({ channel: slack.channel.id, card, sequence: 'a' });
      await expect(post).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
      // A retry would have met no fault any more, and the message would be there.
      expect(slack.messages()).toEqual([]);
    });

    it('is not misled by a message of somebody else with the same sequence', async () => {
      const root = await chat.post({ channel: slack.channel.id, card, sequence: 'root' });
      slack.asUser('U0ALEXCHEN').say('line-7', root.ts);
      expect(await chat.findPosted(root.channel, root.ts, 'line-7')).toBeUndefined();
    });

    it('finds a line behind several pages of a long thread', async () => {
      const quick = await startSlackWorkspace({
        people: [...rosterPeople],
        limits: { postPerSecond: 1000, postBurst: 1000, tierPerMinute: { 2: 9999, 3: 9999, 4: 9999 } },
      });
      const own = slackChat({
        token: quick.tokens.bot,
        apiUrl: quick.apiUrl,
        names,
        clock: systemClock,
        log: createLogger('test', 'silent'),
      });
      const root = await own.post({ channel: quick.channel.id, card, sequence: 'root' });
      for (let line = 1; line <= 230; line += 1) {
        await own.post({ channel: root.channel, threadTs: root.ts, card, sequence: `line-${line}` });
      }
      expect(await own.findPosted(root.channel, root.ts, 'line-229')).toBeDefined();
      expect(await own.findPosted(root.channel, root.ts, 'line-231')).toBeUndefined();
      await quick.stop();
    });

    it('whispers to one person, and refuses for one without an account', async () => {
      await chat.whisper('#incident-response', alex, card);
      expect(slack.ephemerals('U0ALEXCHEN').map((each) => each.text)).toEqual(['words']);
      const unlinked = chat.whisper('#incident-response', nobody, card);
      await expect(unlinked).rejects.toMatchObject({
        code: 'CHAT_REFUSED',
        data: { error: 'not_linked', about: 'place' },
      });
    });

    it('answers only to addresses of Slack', async () => {
      const elsewhere = chat.respond('http://127.0.0.1:1/commands/secret', card, 'asker');
      await expect(elsewhere).rejects.toMatchObject({ code: 'CHAT_REFUSED', data: { error: 'invalid_url' } });
      const expired = chat.respond(`${slack.baseUrl}/response/none`, card, 'asker');
      await expect(expired).rejects.toMatchObject({ code: 'CHAT_REFUSED' });
    });

    it('calls a revoked token a matter of access, which waiting does not mend', async () => {
      const log = createLogger('test', 'silent');
      const other = slackChat({ token: 'xoxb-wrong', apiUrl: slack.apiUrl, names, clock: systemClock, log });
      await expect(other.check()).rejects.toMatchObject({ code: 'CHAT_REFUSED', data: { about: 'access' } });
    });

    it('knows the address of a message', async () => {
      const place = await chat.post({ channel: '#incident-response', card, sequence: 'linked' });
      expect(await chat.permalink(place)).toMatch(/^https:\/\/eld[.]slack[.]com\/archives\//);
    });
  });
});
