import { DrError, type PersonId } from '#core';
import {
  type Card,
  type Chat,
  type ChatRefusal,
  directChannel,
  type Form,
  type MessagePlace,
  type Readers,
} from '#ports';

export interface KeptMessage {
  readonly place: MessagePlace;
  readonly threadTs: string | undefined;
  readonly sequence: string;
  readonly card: Card;
  /** Every card it had before, oldest first. */
  readonly earlier: readonly Card[];
}

/** Chat in this process: keeps what was said, and can be made to fail. */
export interface MemoryChat extends Chat {
  readonly messages: readonly KeptMessage[];
  readonly whispers: readonly { channel: string; person: PersonId; card: Card }[];
  readonly answers: readonly { address: string; card: Card; readers: Readers }[];
  readonly forms: readonly { trigger: string; form: Form }[];
  readonly details: readonly { trigger: string; title: string; card: Card }[];
  /**
   * Decides before each call whether it fails: `refuse` throws and does nothing, `loseAnswer` does it and then
   * throws, as when a connection breaks between the two. `undefined`: it works.
   */
  failWith(rule: ((method: keyof Chat) => Failure | undefined) | undefined): void;
}

export type Failure = { readonly kind: 'refuse' | 'loseAnswer'; readonly error: DrError };

export const chatUnavailable = (retryAfterMs?: number): DrError =>
  new DrError('CHAT_UNAVAILABLE', 'transient', 'The chat does not answer.', {
    data: retryAfterMs === undefined ? {} : { retryAfterMs },
  });

export const chatRefused = (error: string, about: ChatRefusal): DrError =>
  new DrError('CHAT_REFUSED', 'permanent', `The chat refused: ${error}.`, { data: { error, about } });

export function memoryChat(): MemoryChat {
  const messages: KeptMessage[] = [];
  const whispers: MemoryChat['whispers'][number][] = [];
  const answers: MemoryChat['answers'][number][] = [];
  const forms: MemoryChat['forms'][number][] = [];
  const details: MemoryChat['details'][number][] = [];
  let rule: ((method: keyof Chat) => Failure | undefined) | undefined;
  let lastTs = 0;

  const doing = async <T>(method: keyof Chat, act: () => T): Promise<T> => {
    const failure = rule?.(method);
    if (failure?.kind === 'refuse') throw failure.error;
    const result = act();
    if (failure) throw failure.error;
    return result;
  };
  const post = (channel: string, threadTs: string | undefined, card: Card, sequence: string): MessagePlace => {
    lastTs += 1;
    const place = { channel, ts: `1700000000.${String(lastTs).padStart(6, '0')}` };
    messages.push({ place, threadTs, sequence, card: structuredClone(card), earlier: [] });
    return place;
  };

  return {
    messages,
    whispers,
    answers,
    forms,
    details,
    failWith: (next) => {
      rule = next;
    },
    post: ({ channel, threadTs, card, sequence }) => doing('post', () => post(channel, threadTs, card, sequence)),
    update: (place, card) =>
      doing('update', () => {
        const index = messages.findIndex((each) => each.place.ts === place.ts && each.place.channel === place.channel);
        const found = messages[index];
        if (!found) throw chatRefused('message_not_found', 'place');
        messages[index] = { ...found, card: structuredClone(card), earlier: [...found.earlier, found.card] };
      }),
    findPosted: (channel, threadTs, sequence) =>
      doing('findPosted', () => {
        const inThread = (each: KeptMessage) => each.place.channel === channel && each.threadTs === threadTs;
        return messages.find((each) => inThread(each) && each.sequence === sequence)?.place;
      }),
    whisper: (channel, person, card) => doing('whisper', () => void whispers.push({ channel, person, card })),
    direct: (person, card, sequence) => doing('direct', () => post(directChannel(person), undefined, card, sequence)),
    respond: (address, card, readers) => doing('respond', () => void answers.push({ address, card, readers })),
    openForm: (trigger, form) => doing('openForm', () => void forms.push({ trigger, form })),
    openDetails: (trigger, title, card) => doing('openDetails', () => void details.push({ trigger, title, card })),
    permalink: (place) => doing('permalink', () => `https://chat.example/${place.channel}/${place.ts}`),
    check: () => doing('check', () => ({ team: 'memory', bot: 'holdfast' })),
  };
}
