import { compareTs, makeId, Timestamps } from './ids.ts';
import { MessageShelf } from './message-shelf.ts';
import type { Bookmark, Change, Channel, Ephemeral, Message, OpenView, Person } from './shapes.ts';

/** What a workspace knows, as it is kept on disk. */
export interface Snapshot {
  readonly channels: readonly Channel[];
  readonly messages: readonly Message[];
  readonly ephemerals: readonly Ephemeral[];
  readonly bookmarks: readonly Bookmark[];
  readonly lastTs: string;
}

/** The workspace's memory. It knows no protocol: who may do what is decided before it is called. */
export class WorkspaceStore {
  readonly people: Map<string, Person>;
  readonly channels = new Map<string, Channel>();
  readonly bookmarks: Bookmark[] = [];
  readonly #messages = new MessageShelf();
  #ephemerals: Ephemeral[] = [];
  readonly #views = new Map<string, OpenView[]>();
  readonly #externalIds = new Set<string>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #timestamps: Timestamps;
  #lastTs: string;

  constructor(people: readonly Person[], now: () => number, snapshot?: Snapshot) {
    this.people = new Map(people.map((person) => [person.id, person]));
    this.#lastTs = snapshot?.lastTs ?? '0.0';
    this.#timestamps = new Timestamps(now, this.#lastTs);
    for (const channel of snapshot?.channels ?? []) this.channels.set(channel.id, channel);
    for (const message of snapshot?.messages ?? []) this.#messages.put(message);
    this.#ephemerals = [...(snapshot?.ephemerals ?? [])];
    this.bookmarks.push(...(snapshot?.bookmarks ?? []));
  }

  snapshot(): Snapshot {
    return {
      channels: [...this.channels.values()],
      messages: this.#messages.all(),
      ephemerals: this.#ephemerals,
      bookmarks: this.bookmarks,
      lastTs: this.#lastTs,
    };
  }

  /** Calls `listener` after every change; returns the way out. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  nextTs(): string {
    this.#lastTs = this.#timestamps.next();
    return this.#lastTs;
  }

  putMessage(message: Message): void {
    this.#messages.put(message);
    this.emit({ kind: 'message', message });
  }

  message(channel: string, ts: string): Message | undefined {
    return this.#messages.get(channel, ts);
  }

  removeMessage(channel: string, ts: string): void {
    if (this.#messages.remove(channel, ts)) this.emit({ kind: 'message_deleted', channel, ts });
  }

  /** All messages of a channel, thread replies included, oldest first. */
  messages(channel: string): Message[] {
    return this.#messages.of(channel);
  }

  /** A root and its replies, oldest first. */
  thread(channel: string, ts: string): Message[] {
    return this.#messages.thread(channel, ts);
  }

  putEphemeral(ephemeral: Ephemeral): void {
    const others = this.#ephemerals.filter((known) => known.ts !== ephemeral.ts || known.to !== ephemeral.to);
    // 200 for everybody: the real client forgets them at every reload, so a long tail helps nobody.
    this.#ephemerals = [...others, ephemeral].toSorted((left, right) => compareTs(left.ts, right.ts)).slice(-200);
    this.emit({ kind: 'ephemeral', ephemeral });
  }

  ephemerals(person: string): Ephemeral[] {
    return this.#ephemerals.filter((ephemeral) => ephemeral.to === person);
  }

  removeEphemeral(to: string, ts: string): void {
    this.#ephemerals = this.#ephemerals.filter((known) => known.ts !== ts || known.to !== to);
    this.emit({ kind: 'ephemeral_deleted', to, ts });
  }

  /** The modal on top for this person. */
  openView(person: string): OpenView | undefined {
    return this.#views.get(person)?.at(-1);
  }

  viewStack(person: string): readonly OpenView[] {
    return this.#views.get(person) ?? [];
  }

  setViewStack(person: string, stack: readonly OpenView[]): void {
    for (const view of stack) if (view.external_id !== undefined) this.#externalIds.add(view.external_id);
    this.#views.set(person, [...stack]);
    this.emit({ kind: 'view', person, view: stack.at(-1) });
  }

  findView(wanted: (view: OpenView) => boolean): OpenView | undefined {
    return [...this.#views.values()].flat().find(wanted);
  }

  /** An external_id is taken for the life of the team, not of the view. */
  hasExternalId(id: string): boolean {
    return this.#externalIds.has(id);
  }

  /** Sets a person's clock to another zone, as in their Slack preferences. */
  setTimeZone(person: Person, timeZone: string): void {
    const moved = { ...person, timeZone };
    this.people.set(person.id, moved);
    this.emit({ kind: 'person', person: moved });
  }

  putChannel(channel: Channel): void {
    this.channels.set(channel.id, channel);
    this.emit({ kind: 'channel', channel });
  }

  /** The direct-message channel between the app and a person; made on first use, as conversations.open does. */
  directWith(person: string): Channel {
    const known = [...this.channels.values()].find((channel) => channel.with === person);
    if (known !== undefined) return known;
    const made: Channel = { id: makeId('D'), name: 'directmessage', kind: 'im', with: person, hasApp: true };
    this.putChannel(made);
    return made;
  }

  addBookmark(bookmark: Bookmark): void {
    this.bookmarks.push(bookmark);
    this.emit({ kind: 'bookmark', bookmark });
  }

  emit(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
