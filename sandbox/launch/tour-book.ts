import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TourStepId } from '#sandbox/page';
import type { SlackWorkspace } from '#sandbox/slack';

/** Which breaker a step of the tour asks for. */
const BY_BREAKER: Readonly<Record<string, TourStepId>> = { 'drop-driver-logs': 'drop', 'kill-us-east-1': 'kill' };

/** What the channel shows once a step has really happened. */
const BY_MESSAGE: readonly (readonly [TourStepId, RegExp])[] = [
  ['back-up', /^DONE: B-\S+ is complete/],
  ['restore', /^DONE: .* swapped in/],
  ['approve', /^(RUNNING|DONE|FAILED|HELD): .*(failover|now serves)/],
];

export interface TourBook {
  /** A breaker was pressed and did what it says. */
  broke(breaker: string): void;
  done(): Promise<readonly TourStepId[]>;
}

/** Ticks the tour's steps off by what happened. What was broken is remembered over starts; messages are kept anyway. */
export function openTourBook(folder: string, slack: SlackWorkspace): TourBook {
  const path = join(folder, 'tour.json');
  const broken = new Set<string>(existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : []);
  return {
    broke(breaker) {
      if (BY_BREAKER[breaker] === undefined || broken.has(breaker)) return;
      broken.add(breaker);
      writeFileSync(path, JSON.stringify([...broken]));
    },
    async done() {
      const texts = slack.messages().flatMap(({ bot_id, text }) => (bot_id === undefined ? [] : [text]));
      const seen = BY_MESSAGE.filter(([, sign]) => texts.some((text) => sign.test(text))).map(([step]) => step);
      return [...seen, ...[...broken].flatMap((breaker) => BY_BREAKER[breaker] ?? [])];
    },
  };
}
