import type { Message, SlackWorkspace } from '#sandbox/slack';

/** The people of the story, by their Slack ids. */
export const ALEX = 'U0ALEXCHEN';
export const JOHN = 'U0JOHNSMITH';
export const MIKE = 'U0MIKEJOHNSON';

/** What people do at their Slack clients in the story, and what they read there. */
export interface Desk {
  /** Types a command; resolves with the root message that it brought. @throws Error when none came in time */
  ask(person: string, line: string): Promise<Message>;
  /** The newest root message whose text fits. @throws Error when none came in time */
  root(sign: RegExp, withinMs: number): Promise<Message>;
  approve(card: Message, person: string): Promise<void>;
  /** Waits until the card says so; its text then. @throws Error at once when it says FAILED, STOPPED and the like */
  until(card: Message, sign: RegExp, withinMs: number): Promise<string>;
  /** What the card says now, all of its text. */
  words(card: Message): string;
}

const ENDED_BADLY = /^(FAILED|STOPPED|DENIED|EXPIRED|VOID|CANCELLED|REFUSED)/;

export function openDesk(slack: SlackWorkspace): Desk {
  const now = (card: Message): Message => slack.thread(card.ts)[0] ?? card;
  return {
    async ask(person, line) {
      const before = slack.ephemerals(person).at(-1)?.ts ?? '';
      const outcome = await slack.asUser(person).slash(line);
      if (!outcome.ok) throw new Error(`${line} was not taken: ${JSON.stringify(outcome)}`);
      const look = () => {
        const answers = slack.ephemerals(person).filter(({ ts }) => ts > before);
        // received at once, or kept on disk first while a store that has just started takes its time
        const [id] = answers.flatMap(({ text }) => /^R-\d+(?= (received|is ))/.exec(text)?.[0] ?? []);
        return slack.messages().find((each) => each.thread_ts === undefined && requestIn(each.text) === id);
      };
      return slack.waitFor(look, 40_000, `the card of ${line}`);
    },
    root: (sign, withinMs) =>
      slack.waitFor(
        () => slack.messages().findLast((each) => each.thread_ts === undefined && sign.test(each.text)),
        withinMs,
        `a message like ${sign.source}`,
      ),
    async approve(card, person) {
      const outcome = await slack.asUser(person).click(card.ts, 'approve');
      if (!outcome.ok) throw new Error(`${person} could not press Approve: ${JSON.stringify(outcome)}`);
    },
    until: (card, sign, withinMs) =>
      slack.waitFor(
        () => {
          const { text } = now(card);
          if (ENDED_BADLY.test(text)) throw new Error(wordsOf(now(card)));
          return sign.test(text) && text;
        },
        withinMs,
        `${sign.source}; the card says: ${now(card).text}`,
      ),
    words: (card) => wordsOf(now(card)),
  };
}

const wordsOf = ({ text, blocks }: Message): string => `${text} ${JSON.stringify(blocks ?? [])}`;

/** `R-7` out of a card's text, where it stands in brackets. */
export const requestIn = (text: string): string => /\((R-\d+)[,)]/.exec(text)?.[1] ?? 'R-?';
