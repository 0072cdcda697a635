import { at, type Text } from '#core';
import type { Surroundings } from './look-around.ts';

/** What is wrong with Holdfast itself: told before any green, because who is blind must not say that all is well. */
export function holdfastTrouble({
  store,
  wakeAlive,
  chatOutSince,
  database,
  primary,
}: Surroundings): readonly Trouble[] {
  const found: Trouble[] = [];
  if (!store.known) {
    found.push({
      what: [`The control store does not answer (${store.why}).`],
      meanwhile: [
        'Nothing can be asked or approved until it does. What Slack sends waits on disk and is handled then.',
      ],
    });
  }
  if (!wakeAlive.known || !wakeAlive.value) {
    found.push({
      what: ['Redis does not answer.'],
      meanwhile: ['Runs are safe in the journal and go on: workers look into it every second.'],
    });
  }
  if (chatOutSince.known && chatOutSince.value) {
    found.push({
      what: ['Slack could not be reached since ', at(chatOutSince.value), '.'],
      meanwhile: ['What belongs into threads waits, in order. Asking and approving work from a terminal.'],
    });
  }
  if (!database.known) {
    found.push({
      what: [`The members of the protected database are not all seen (${database.why}).`],
      meanwhile: [
        primary.known
          ? `${primary.value} takes writes. Lag and votes are not known now.`
          : 'Whether it takes writes, and its lag, are not known now.',
      ],
    });
  }
  return found;
}

/** One thing that is wrong, and what holds meanwhile. */
export interface Trouble {
  readonly what: Text;
  readonly meanwhile: Text;
}
