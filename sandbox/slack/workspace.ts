import type { LostEvent } from './events.ts';
import { FaultOrder, type FaultOrderInput } from './faults.ts';
import { APP, TEAM } from './settings.ts';
import type { Bookmark, Change, Channel, Ephemeral, Message, OpenView, Person } from './shapes.ts';
import { SlackUser } from './slack-user.ts';
import { channelOf, type Team } from './team.ts';

/** One Web API call as it was answered. */
export interface CallRecord {
  readonly method: string;
  readonly error?: string;
}

/** What the server part lends the workspace. */
export interface Machinery {
  readonly apply: (order: FaultOrder) => Promise<void>;
  readonly mend: () => Promise<void>;
  readonly useRequestUrl: (url: string) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly controlUrl: () => string;
  readonly calls: CallRecord[];
  readonly warnings: string[];
}

/** A running Slack workspace: what everybody in it sees and does, and how to break it. */
export class SlackWorkspace {
  readonly team = TEAM;
  readonly app = APP;
  readonly baseUrl: string;
  /** For `SLACK_API_URL` and the SDK's `slackApiUrl`. */
  readonly apiUrl: string;
  readonly #team: Team;
  readonly #machinery: Machinery;

  constructor(team: Team, machinery: Machinery) {
    this.baseUrl = team.baseUrl();
    this.apiUrl = `${team.baseUrl()}/api/`;
    this.#team = team;
    this.#machinery = machinery;
  }

  /** The control API's address (faults, acts, state); its own port. */
  get controlUrl(): string {
    return this.#machinery.controlUrl();
  }

  get botName(): string {
    return this.#team.settings.botName;
  }

  get people(): readonly Person[] {
    return [...this.#team.store.people.values()];
  }

  get channels(): readonly Channel[] {
    return [...this.#team.store.channels.values()];
  }

  get bookmarks(): readonly Bookmark[] {
    return this.#team.store.bookmarks;
  }

  /** The main channel, #incident-response. */
  get channel(): Channel {
    return channelOf(this.#team, this.#team.settings.channel);
  }

  get tokens(): { readonly bot: string; readonly app: string; readonly signingSecret: string } {
    const { botToken, appToken, signingSecret } = this.#team.settings;
    return { bot: botToken, app: appToken, signingSecret };
  }

  /** How many Socket Mode connections the app holds. */
  get connections(): number {
    return this.#team.sockets.connections;
  }

  /** Every Web API call so far, oldest first, with the error it got. The last 5,000. */
  get calls(): readonly CallRecord[] {
    return this.#machinery.calls;
  }

  /** What Slack would take and then show wrongly (broken date tokens, Markdown that is no mrkdwn), newest last. */
  get warnings(): readonly string[] {
    return this.#machinery.warnings;
  }

  /** Events that no try brought through. */
  get lostEvents(): readonly LostEvent[] {
    return this.#team.events.lost;
  }

  get isCut(): boolean {
    return this.#team.isCut();
  }

  /** @throws Error for an unknown person. */
  asUser(id: string): SlackUser {
    return new SlackUser(this.#team, id);
  }

  /** All messages of a channel (the main one by default), replies included, oldest first. */
  messages(channel = this.#team.settings.channel): Message[] {
    return this.#team.store.messages(channelOf(this.#team, channel).id);
  }

  /** A root and its replies, oldest first. */
  thread(ts: string, channel = this.#team.settings.channel): Message[] {
    return this.#team.store.thread(channelOf(this.#team, channel).id, ts);
  }

  ephemerals(personId: string): Ephemeral[] {
    return this.#team.store.ephemerals(personId);
  }

  openView(personId: string): OpenView | undefined {
    return this.#team.store.openView(personId);
  }

  /** Calls `listener` after each change. Returns the way out. */
  subscribe(listener: (change: Change) => void): () => void {
    return this.#team.store.subscribe(listener);
  }

  /**
   * Resolves with the first truthy answer of `look`, which is asked now and after each change and every
   * 50 ms besides (sockets and calls are no changes of the store).
   * @throws Error after `timeoutMs`, naming `what`.
   */
  waitFor<T>(look: () => T | undefined | false, timeoutMs: number, what = 'what the test waits for'): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        try {
          const found = look();
          if (found === undefined || found === false) return;
          end();
          resolve(found);
        } catch (error) {
          end();
          reject(error);
        }
      };
      const poll = setInterval(check, 50);
      const deadline = setTimeout(() => {
        end();
        reject(new Error(`Not seen within ${timeoutMs} ms: ${what}.`));
      }, timeoutMs);
      const unsubscribe = this.subscribe(check);
      const end = (): void => {
        clearInterval(poll);
        clearTimeout(deadline);
        unsubscribe();
      };
      check();
    });
  }

  /** Breaks something: see {@link FaultOrder}. A cut ends by itself after its seconds. */
  async break(order: FaultOrderInput): Promise<void> {
    await this.#machinery.apply(FaultOrder.parse(order));
  }

  /** Ends every fault at once. */
  async mend(): Promise<void> {
    await this.#machinery.mend();
  }

  /** http mode: tells Slack the app's request URL; it is verified by a challenge. @throws Error when that fails. */
  async useRequestUrl(url: string): Promise<void> {
    await this.#machinery.useRequestUrl(url);
  }

  /** Stops the servers and writes what is kept. Safe to call twice. */
  async stop(): Promise<void> {
    await this.#machinery.stop();
  }
}
