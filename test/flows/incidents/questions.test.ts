import { describe, expect, it } from 'vitest';
import { RequestId } from '#core';
import { requestCard } from '#flows';
import { DirectMessage } from '#record';
import { incidentCard } from '../../../src/flows/incidents/incident-card.ts';
import { incidentViewOf } from '../../../src/flows/incidents/incident-view.ts';
import { questionCard } from '../../../src/incidents/questions.ts';
import { wordsOf } from '../../support/words-of.ts';
import { USERS } from '../flow-bench.ts';
import { incidentBench, MINUTE, WEST } from './incident-bench.ts';

async function asked(minutes: number) {
  const bench = incidentBench();
  const { round, finding, say, clock, duties, flow } = bench;
  await round(finding());
  await say(USERS.john, 'ack');
  clock.advance(minutes * MINUTE);
  await duties();
  const records = flow.store.records('direct-messages', DirectMessage);
  const messages = (await records.find({ limit: 100 })).map(({ value }) => value);
  const buttonsOf = (push: RegExp): string[] =>
    messages
      .filter(({ card }) => push.test(card.push))
      .flatMap(({ person, card }) =>
        card.parts.flatMap((part) =>
          part.kind === 'buttons' ? part.buttons.map(({ id, value }) => `${person} ${id} ${value}`) : [],
        ),
      );
  return { ...bench, buttonsOf };
}

describe('a question to one person', () => {
  it('whether they are still on it has its answers as buttons, and a press in that message counts', async () => {
    const { buttonsOf, press, only } = await asked(16);
    expect(buttonsOf(/^Still on INC-1\?$/)).toEqual(['john-smith inc-still INC-1', 'john-smith inc-pass INC-1']);
    expect((await only()).legs[0]?.hold?.confirmBy).toBeInstanceOf(Date);
    expect(await press(USERS.john, 'inc-still', 'INC-1')).toContain('You still have INC-1.');
    expect((await only()).legs[0]?.hold?.confirmBy).toBeUndefined();
  });

  it('to the commander about an update can be put off by a button', async () => {
    const { buttonsOf, press, clock, only } = await asked(21);
    expect(buttonsOf(/^INC-1: an update to stakeholders is due\.$/)).toEqual([
      'john-smith inc-update INC-1',
      'john-smith inc-later INC-1',
    ]);
    expect(await press(USERS.john, 'inc-later', 'INC-1')).toContain('You are reminded of the update on INC-1 at');
    const inMs = (await only()).updateDueAt.getTime() - clock.now().getTime();
    expect(inMs).toBeGreaterThan(14 * MINUTE);
  });

  it('speaks each button alone', async () => {
    const { only } = await asked(1);
    const { id } = await only();
    for (const question of ['still-on-it', 'update'] as const) {
      for (const part of questionCard(question, id, []).parts) {
        if (part.kind === 'buttons') for (const { spoken } of part.buttons) expect(spoken).toContain(id);
      }
    }
  });
});

describe('the card of an incident that a move ended', () => {
  it('says what was lost, by the receipt of the run', async () => {
    const bench = incidentBench();
    const { round, finding, approved, work, serve, clock, duties, flow, incident } = bench;
    await round(finding({ breach: true }));
    await approved(RequestId.parse('R-1'));
    await work();
    serve([WEST]);
    await round(finding({ state: 'well' }));
    clock.advance(60 * MINUTE);
    await duties();
    const { id } = await incident('INC-1');
    const view = await incidentViewOf(id, { now: clock.now(), everyMs: 15_000 }, flow);
    if (!view) throw new Error('no view');
    const receipt = {
      headline: 'us-west-2 now serves',
      sections: [{ lines: [['Writes paused    3.9 s'], ['Lost             0 of 1,234 acknowledged writes']] }],
    };
    const proposals = view.proposals.map((each) => ({ ...each, receipt }));
    const text = wordsOf(incidentCard({ ...view, proposals }, flow), clock.now());
    expect(text).toMatch(/^RESOLVED - us-west-2 now serves/);
    expect(text).toContain('Lost: 0 of 1,234 acknowledged writes (receipt R-1).');
    expect(proposals.map((each) => wordsOf(requestCard(each), clock.now()))[0]).toContain('0 of 1,234');
  });
});
