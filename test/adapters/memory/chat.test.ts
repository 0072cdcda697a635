import { chatUnavailable, type Failure, memoryChat } from '#adapters/memory';
import { PersonId } from '#core';
import { chatContract } from '../../contract/chat.contract.ts';

chatContract(async () => {
  const chat = memoryChat();
  const failOnce = (method: string, failure: Failure) => {
    let done = false;
    chat.failWith((called) => {
      if (called !== method || done) return undefined;
      done = true;
      return failure;
    });
  };
  return {
    chat,
    channel: 'C1',
    person: PersonId.parse('alex-chen'),
    read: ({ channel, ts }) =>
      chat.messages.find((each) => each.place.channel === channel && each.place.ts === ts)?.card.push,
    count: () => chat.messages.length,
    loseAnswer: async (method) => failOnce(method, { kind: 'loseAnswer', error: chatUnavailable() }),
    limit: async (method, seconds) => failOnce(method, { kind: 'refuse', error: chatUnavailable(seconds * 1000) }),
    setAlive: async (alive) => chat.failWith(alive ? undefined : () => ({ kind: 'refuse', error: chatUnavailable() })),
    close: async () => undefined,
  };
});
