import { expect, test } from 'vitest';
import { RequestId, systemClock } from '#core';
import { isOwnCard } from '../../src/flows/is-own-card.ts';
import { flowBench } from './flow-bench.ts';

const REQUEST = RequestId.parse('R-6');
const OLD = '1795525020.100000';
const CARD = '1795525024.387000';

/** Notes the card's place only after it was asked for it so often. */
function notedAfter(looks: number, before: string | undefined) {
  let asked = 0;
  return {
    flow: { ...flowBench().flow, clock: { ...systemClock, sleep: async () => undefined } },
    cardOf: async () => {
      asked += 1;
      return asked > looks ? CARD : before;
    },
    asked: () => asked,
  };
}

test('a click in the moment between posting a card and noting its place counts', async () => {
  expect(await isOwnCard(REQUEST, CARD, notedAfter(3, undefined))).toBe(true);
  expect(await isOwnCard(REQUEST, CARD, notedAfter(3, OLD))).toBe(true);
});

test('a click on an older card is refused at once', async () => {
  const noted = notedAfter(0, undefined);
  expect(await isOwnCard(REQUEST, OLD, noted)).toBe(false);
  expect(noted.asked()).toBe(1);
});

test('a click on a newer message that never becomes the card is refused, after a bounded wait', async () => {
  const noted = notedAfter(0, undefined);
  expect(await isOwnCard(REQUEST, '1795525099.000000', noted)).toBe(false);
  expect(noted.asked()).toBe(20);
});

test('without any card the click is not judged: it is to be pressed again', async () => {
  await expect(isOwnCard(REQUEST, CARD, notedAfter(Number.POSITIVE_INFINITY, undefined))).rejects.toMatchObject({
    code: 'CHAT_UNAVAILABLE',
    kind: 'transient',
  });
});
