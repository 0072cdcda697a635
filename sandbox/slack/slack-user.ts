import type { FieldValue, FieldValues, Outcome, Surface } from './act/index.ts';
import { closeView, press, shortcut, slash, submitView } from './act/index.ts';
import { react } from './methods/index.ts';
import { changeMessage, deleteMessage, postAsPerson } from './posting.ts';
import { APP } from './settings.ts';
import type { Ephemeral, Message, OpenView } from './shapes.ts';
import { channelOf, personOf, type Team } from './team.ts';

interface Where {
  /** Id or name; the main channel when left out. */
  readonly channel?: string;
}

/** One person at their Slack client. Everything here is what a person can do there, and no more. */
export class SlackUser {
  readonly id: string;
  readonly #team: Team;

  constructor(team: Team, id: string) {
    this.id = personOf(team, id).id;
    this.#team = team;
  }

  /** Types a slash command. Resolves when the app has acknowledged, or failed to within 3 s. */
  slash(line: string, where: Where & { readonly thread?: string } = {}): Promise<Outcome> {
    return slash(this.#team, this.id, line, { channel: this.#channel(where), thread: where.thread });
  }

  /** Writes a message, in a thread when `thread` is given. `@Holdfast` and people's names become mentions. */
  say(text: string, thread?: string, where: Where = {}): Message {
    if (this.#team.isCut()) throw new Error('Slack cannot be reached.');
    const channel = channelOf(this.#team, this.#channel(where));
    return postAsPerson(this.#team, channel, this.id, { text: mentions(this.#team, text), thread_ts: thread });
  }

  /** Presses a button or chooses an option (`value`) on a message, an ephemeral or the open modal. */
  click(
    ts: string,
    actionId: string,
    options: Where & { readonly value?: FieldValue; readonly fields?: FieldValues } = {},
  ): Promise<Outcome> {
    return press(this.#team, this.id, this.#surface(ts, this.#channel(options)), {
      actionId,
      value: options.value,
      fields: options.fields,
    });
  }

  /** Presses something in the open modal. @throws Error when none is open. */
  clickInView(
    actionId: string,
    options: { readonly value?: FieldValue; readonly fields?: FieldValues } = {},
  ): Promise<Outcome> {
    const view = this.openView();
    if (view === undefined) throw new Error(`No modal is open for ${this.id}.`);
    return press(this.#team, this.id, { kind: 'view', view }, { actionId, ...options });
  }

  /** Sends a button the message does not carry: what an altered client could try. */
  forgeClick(
    ts: string,
    forged: Where & {
      readonly actionId: string;
      readonly value: string;
      readonly blockId?: string;
      readonly text?: string;
    },
  ): Promise<Outcome> {
    return press(this.#team, this.id, this.#surface(ts, this.#channel(forged)), {
      actionId: forged.actionId,
      value: forged.value,
      forged: { blockId: forged.blockId ?? 'forged', text: forged.text ?? 'Approve' },
    });
  }

  submitView(values: FieldValues = {}): Promise<Outcome> {
    return submitView(this.#team, this.id, values);
  }

  closeView(options: { readonly all?: boolean } = {}): Promise<Outcome> {
    return closeView(this.#team, this.id, options.all ?? false);
  }

  /** The modal on top, if one is open. */
  openView(): OpenView | undefined {
    return this.#team.store.openView(this.id);
  }

  /** What only this person sees, oldest first. */
  ephemerals(): Ephemeral[] {
    return this.#team.store.ephemerals(this.id);
  }

  /** The direct messages with the app; the channel is made when there is none. */
  direct(): Message[] {
    return this.#team.store.messages(this.#team.store.directWith(this.id).id);
  }

  /** Chooses a message shortcut (`ts`) or a global one. */
  shortcut(callbackId: string, ts?: string, where: Where = {}): Promise<Outcome> {
    const message = ts === undefined ? undefined : this.#message(ts, this.#channel(where));
    return shortcut(this.#team, this.id, callbackId, message);
  }

  react(ts: string, name: string, where: Where = {}): void {
    react(this.#team, this.id, channelOf(this.#team, this.#channel(where)).id, ts, name);
  }

  /** @throws Error for another person's message. */
  editMessage(ts: string, text: string, where: Where = {}): void {
    const before = this.#ownMessage(ts, this.#channel(where));
    const edited = { user: this.id, ts: this.#team.store.nextTs() };
    changeMessage(this.#team, before, { ...before, text: mentions(this.#team, text), edited });
  }

  /** @throws Error for another person's message. */
  deleteMessage(ts: string, where: Where = {}): void {
    deleteMessage(this.#team, this.#ownMessage(ts, this.#channel(where)));
  }

  /** Dismisses one ephemeral, as the client's `Dismiss message` does. */
  dismiss(ts: string): void {
    this.#team.store.removeEphemeral(this.id, ts);
  }

  /** Sets this person's clock. @throws RangeError for a zone that is none. */
  setTimeZone(timeZone: string): void {
    new Intl.DateTimeFormat('en-US', { timeZone });
    this.#team.store.setTimeZone(personOf(this.#team, this.id), timeZone);
  }

  #channel(where: Where): string {
    return where.channel ?? this.#team.settings.channel;
  }

  #surface(ts: string, channel: string): Surface {
    const ephemeral = this.ephemerals().find((known) => known.ts === ts);
    if (ephemeral !== undefined) return { kind: 'ephemeral', ephemeral };
    return { kind: 'message', message: this.#message(ts, channel) };
  }

  #message(ts: string, channel: string): Message {
    const message = this.#team.store.message(channelOf(this.#team, channel).id, ts);
    if (message === undefined) throw new Error(`No message ${ts} in ${channel}.`);
    return message;
  }

  #ownMessage(ts: string, channel: string): Message {
    const message = this.#message(ts, channel);
    if (message.user !== this.id) throw new Error('Only its writer can edit or delete a message.');
    return message;
  }
}

/** Escapes what a person typed, then makes mentions of the names of the app and of people. */
function mentions(team: Team, text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll(/<(?!@[UW][A-Z0-9]+>)/g, '&lt;');
  const named = [
    { id: APP.botUser, name: team.settings.botName },
    ...[...team.store.people.values()].map(({ id, name }) => ({ id, name })),
  ];
  return named.reduce((line, { id, name }) => line.replaceAll(`@${name}`, `<@${id}>`), escaped);
}
