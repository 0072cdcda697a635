import type { Message } from './shapes.ts';

/**
 * Messages by channel and by thread. Timestamps only grow and an edit keeps its place, so the order of
 * insertion is the order of time; a soak with thousands of messages need not sort them at every post.
 */
export class MessageShelf {
  readonly #channels = new Map<string, Map<string, Message>>();
  readonly #replies = new Map<string, Set<string>>();

  put(message: Message): void {
    const channel = this.#channels.get(message.channel) ?? new Map<string, Message>();
    this.#channels.set(message.channel, channel.set(message.ts, message));
    if (message.thread_ts === undefined || message.thread_ts === message.ts) return;
    const root = `${message.channel} ${message.thread_ts}`;
    this.#replies.set(root, (this.#replies.get(root) ?? new Set<string>()).add(message.ts));
  }

  get(channel: string, ts: string): Message | undefined {
    return this.#channels.get(channel)?.get(ts);
  }

  /** @returns whether it was there. */
  remove(channel: string, ts: string): boolean {
    const message = this.get(channel, ts);
    if (message?.thread_ts !== undefined) this.#replies.get(`${channel} ${message.thread_ts}`)?.delete(ts);
    return this.#channels.get(channel)?.delete(ts) ?? false;
  }

  of(channel: string): Message[] {
    return [...(this.#channels.get(channel)?.values() ?? [])];
  }

  /** The root (if it is still there) and its replies, oldest first. */
  thread(channel: string, ts: string): Message[] {
    const ids = [ts, ...(this.#replies.get(`${channel} ${ts}`) ?? [])];
    return ids.map((id) => this.get(channel, id)).filter((message) => message !== undefined);
  }

  all(): Message[] {
    return [...this.#channels.values()].flatMap((channel) => [...channel.values()]);
  }
}
