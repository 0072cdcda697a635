import type { Message, Person, SlackWorkspace } from '#sandbox/slack';

/** One card somebody has to decide. */
export interface Waiting {
  readonly channel: string;
  readonly ts: string;
  readonly title: string;
  /** For each role that has not answered: the people who can, in the order the card names them. */
  readonly roles: readonly (readonly string[])[];
}

/**
 * Cards in the main channel that wait for people, read from the messages themselves: a message by the app
 * with an approve button, and the mentions under its lines that say `waiting`.
 */
export function waitingCards(slack: SlackWorkspace): Waiting[] {
  const people = new Map(slack.people.map((person) => [person.id, person]));
  return slack
    .messages()
    .filter((message) => message.bot_id !== undefined && hasApprove(message))
    .map((message) => ({
      channel: message.channel,
      ts: message.ts,
      title: titleOf(message),
      roles: mentionedWhileWaiting(message, people),
    }))
    .filter((card) => card.roles.length > 0);
}

function hasApprove(message: Message): boolean {
  return (message.blocks ?? []).some(
    (block) =>
      block.type === 'actions' &&
      block.elements.some((element) => element.type === 'button' && element.text.text.startsWith('Approve')),
  );
}

function linesOf(message: Message): string[] {
  return (message.blocks ?? []).flatMap((block) =>
    block.type === 'section' ? (block.text?.text ?? '').split('\n') : [],
  );
}

function titleOf(message: Message): string {
  const first = linesOf(message).find((line) => line.trim() !== '') ?? message.text;
  return first.replace(/[*_]/g, '').trim();
}

/** `- Database Admin: waiting`, then mentions, until the next role. Those who approved are not waited for. */
function mentionedWhileWaiting(message: Message, people: ReadonlyMap<string, Person>): string[][] {
  const roles: string[][] = [];
  let role: string[] | undefined;
  for (const line of linesOf(message)) {
    if (/^\s*[-\u2022]/.test(line)) {
      role = /:\s*_?waiting/.test(line) ? [] : undefined;
      if (role !== undefined) roles.push(role);
    }
    for (const [, id = ''] of line.matchAll(/<@([UW][A-Z0-9]+)/g)) if (people.has(id)) role?.push(id);
  }
  return roles.filter((waitedFor) => waitedFor.length > 0);
}
