import { type DrError, type PersonId, type RequestId, systemClock } from '#core';
import type { Card } from '#ports';
import type { ExitCode } from './exit-code.ts';
import { renderCard } from './render-card.ts';

/** Where words go. Real ones are process.stdout and its properties; tests have their own. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  hasColors?(): boolean;
}

export interface ScreenOptions {
  readonly json: boolean;
  readonly timeZone: string;
  readonly name: (person: PersonId) => string;
  readonly out: Output;
}

/** What a card says about, for programs. */
export interface About {
  readonly request?: RequestId | undefined;
  /** `RUNNING`, `waiting`, an error's code: the same word people read. */
  readonly state: string;
  readonly exitCode: ExitCode;
}

export interface Screen {
  readonly isTty: boolean;
  show(card: Card, about: About): void;
  /** For what is not a card: plain lines. */
  say(lines: readonly string[], about: About): void;
  /** One line that the next one replaces; nothing where nobody looks at it. */
  passing(line: string): void;
  /** Puts the next card where the last one was. */
  clear(): void;
}

/** A screen of text, or of JSON lines: `{request, state, exitCode, lines}`, the last one carrying the exit code. */
export function createScreen({ json, timeZone, name, out }: ScreenOptions): Screen {
  const isTty = out.isTTY === true && !json;
  const color = isTty && out.hasColors?.() !== false;
  const columns = json ? 100 : (out.columns ?? 80);
  let passingShown = false;
  const wipe = (): void => {
    if (passingShown) out.write('\r\u001b[K');
    passingShown = false;
  };
  const say = (lines: readonly string[], { request, state, exitCode }: About): void => {
    wipe();
    if (json) out.write(`${JSON.stringify({ request: request ?? null, state, exitCode, lines })}\n`);
    else out.write(`${lines.join('\n')}\n\n`);
  };
  return {
    isTty,
    say,
    show: (card, about) =>
      say(renderCard(card, { now: systemClock.now(), timeZone, name, color }, columns).split('\n'), about),
    passing: (line) => {
      if (!isTty) return;
      wipe();
      out.write(line.slice(0, Math.max(20, columns - 1)));
      passingShown = true;
    },
    clear: () => {
      wipe();
      // Only the visible part: what scrolled away belongs to the person.
      if (isTty) out.write('\u001b[H\u001b[J');
    },
  };
}

/** A refusal before there was a roster, a plan or a request: its own words and the next step. */
export const refusalLines = ({ message, hint }: DrError): string[] => [
  ...message.split('\n'),
  ...(hint && !message.includes(hint) ? [`Next: ${hint}`] : []),
];
