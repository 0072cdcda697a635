import { at, bold, say, type Text } from '#core';
import type { Card } from '#ports';
import { type Answer, keepReadiness, type Readiness, readReadiness, reasonsOf, scoreOf } from '#readiness';
import { card, lines, small } from '../cards/parts.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { readinessWorld } from './readiness-world.ts';

/** `/dr readiness`: whether each region could take over, thing by thing, looked at now. */
export async function readinessCard(world: HoldfastWorld): Promise<Card> {
  const found = await keepReadiness(readinessWorld(world));
  if (found.length === 0) {
    return card('The database has no primary.', [
      lines(['The database has no primary: readiness was looked at before.'], ['Next: /dr status']),
      ...(await readReadiness(world.store)).map((each) => lines(...regionLines(each))),
    ]);
  }
  const words = found.map((each) => `${each.id} ${scoreOf(each)} % ready`).join(', ');
  return card(words, [
    ...found.map((each) => lines(...regionLines(each))),
    small('Nothing was changed: scaling was a dry run. Looked at every 30 min, and when plan.yaml changes.'),
  ]);
}

function regionLines(readiness: Readiness): Text[] {
  const { id, how, from, at: when, answers } = readiness;
  const what = how === 'build' ? 'to be built from the vault alone' : `to take over from ${from}`;
  return [say`${bold(`${id} ${scoreOf(readiness)} % ready`)} ${what}, as seen ${at(when)}`, ...answers.map(answerLine)];
}

const STATES: Readonly<Record<Answer['state'], string>> = {
  ready: 'ok',
  weak: 'WEAK',
  'not-ready': 'NOT READY',
  unknown: 'NOT KNOWN',
};

function answerLine({ check, state, words, next }: Answer): Text {
  const head = state === 'ready' ? [`${STATES.ready}  ${check}: `] : [bold(STATES[state]), `  ${check}: `];
  return [...head, ...words, ...(next && state !== 'ready' ? [`   ${next}`] : [])];
}

/** `us-west-2 92 %: backup (none is verified), and 1 more`. */
export function readinessWords(all: readonly Readiness[]): Text {
  return all.flatMap((each, index): Text => {
    const [worst, ...others] = reasonsOf(each);
    const more = others.length > 0 ? `, and ${others.length} more` : '';
    const why: Text = worst ? [`: ${worst.check} (`, ...worst.words, `)${more}`] : [];
    return [...(index === 0 ? [] : ['; ']), `${each.id} ${scoreOf(each)} %`, ...why];
  });
}
