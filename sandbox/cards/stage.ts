import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Company } from '#sandbox/company';
import type { Message } from '#sandbox/slack';

export const [ALEX, JOHN, MIKE, GUEST] = ['U0ALEXCHEN', 'U0JOHNSMITH', 'U0MIKEJOHNSON', 'U0GUEST'] as const;

/** Where a story is played, and the camera in front of it. */
export interface Stage {
  readonly company: Company;
  readonly tab: Page;
  /** The picture of one thing, numbered in the order of the story. */
  take(name: string, of: Locator): Promise<void>;
}

export const DESK = { width: 1280, height: 800 };
/** As wide as a phone, and so high that no card has to be scrolled. */
const PHONE = { width: 390, height: 2400 };
const TRIES = 20;

/** People stand beside the channel where there is room for them, so the choice is made there. */
export async function become(tab: Page, person: string): Promise<void> {
  await tab.setViewportSize(DESK);
  await tab.locator(`.person[data-person=${person}]`).click();
  await tab.setViewportSize(PHONE);
}

/** Pictures go into the folder, numbered as they are taken. */
export function camera(tab: Page, folder: string): Stage['take'] {
  let number = 0;
  return async (name, of) => {
    number += 1;
    const path = join(folder, `${String(number).padStart(2, '0')}-${name}.png`);
    // The page draws a message anew when Slack edits it, under the camera's eyes.
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      await of.waitFor();
      const taken = await of.screenshot({ path, timeout: 3_000 }).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (taken === undefined) break;
      if (attempt === TRIES) throw taken;
      await tab.waitForTimeout(200);
    }
    console.log(`${number} ${name}`);
  };
}

/** Waits for a message of the channel with this text, the newest such; `after` the time of an older one. */
export const root = ({ company: { slack } }: Stage, sign: RegExp, withinMs = 120_000, after = ''): Promise<Message> =>
  slack.waitFor(
    () => slack.messages().findLast(({ thread_ts, text, ts }) => !thread_ts && ts > after && sign.test(text)),
    withinMs,
    sign.source,
  );

export const requestIn = (card: Message): string => /\((R-\d+)[,)]/.exec(card.text)?.[1] ?? '';

/** Types a line as Alex Chen and takes the answer that only Alex sees. */
export async function answer(stage: Stage, name: string, line: string): Promise<void> {
  const { company, tab, take } = stage;
  const newest = () => company.slack.ephemerals(ALEX).at(-1);
  const before = newest()?.ts ?? '';
  await company.slack.asUser(ALEX).slash(line);
  await company.slack.waitFor(
    () => (newest()?.ts ?? '') > before && !/Working out/.test(newest()?.text ?? ''),
    60_000,
    `an answer to ${line}`,
  );
  await take(name, tab.locator('article.only-you').last());
}

/** Types each line as Alex Chen and takes its answer. */
export async function answers(stage: Stage, lines: readonly (readonly [name: string, line: string])[]): Promise<void> {
  for (const [name, line] of lines) await answer(stage, name, line);
}

/** Asks as somebody, by default Mike Johnson, and waits for the message with this text. */
export async function asked(stage: Stage, line: string, sign: RegExp, person: string = MIKE): Promise<Message> {
  const { slack } = stage.company;
  const before = slack.messages().at(-1)?.ts ?? '';
  await slack.asUser(person).slash(line);
  return root(stage, sign, 120_000, before).catch((error: unknown) => {
    throw new Error(`${line} was answered: ${slack.ephemerals(person).at(-1)?.text}`, { cause: error });
  });
}

/** The newest message of the channel, no reply, that says this. */
export const cardOf = ({ tab }: Stage, text: string | RegExp): Locator =>
  tab.locator('article.message:not(.reply):not(.only-you)', { hasText: text }).last();

export async function approve({ company }: Stage, card: Message, people: readonly string[]): Promise<void> {
  for (const person of people) await company.slack.asUser(person).click(card.ts, 'approve');
}

/** The whole thread of a message, opened where it stands and closed again. */
export async function takeThread({ take }: Stage, name: string, card: Locator, sign: string): Promise<void> {
  await card.getByRole('button', { name: /\d+ repl/ }).click();
  await card.locator('.reply', { hasText: sign }).first().waitFor({ timeout: 60_000 });
  await take(name, card);
  await card
    .getByRole('button', { name: /hide|close|repl/i })
    .first()
    .click();
}
