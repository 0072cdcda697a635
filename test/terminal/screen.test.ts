import { describe, expect, it } from 'vitest';
import { bold, outside, RequestId } from '#core';
import type { Card } from '#ports';
import { createScreen } from '../../src/terminal/screen.ts';
import { memoryOutput } from './memory-output.ts';

/** What starts a code that steers a terminal. */
const ESC = '\u001b';
const CSI = '\u009b';

const R42 = RequestId.parse('R-42');
const card: Card = {
  push: 'x',
  parts: [
    {
      kind: 'text',
      text: [bold('RUNNING - step 4 of 8'), '   R-42\nus-west-2 is primary, DNS is there, writes are accepted again'],
    },
    { kind: 'text', text: ['Asked: ', outside('evil \u001b[2J\u009b31m\nreason')] },
    { kind: 'bar', share: 0.5 },
    {
      kind: 'buttons',
      buttons: [{ id: 'approve', label: 'Approve', value: `R-42 9f3c21abffffffff`, spoken: 'Approve run R-42' }],
      more: [],
    },
  ],
};
const about = { request: R42, state: 'running', exitCode: 4 } as const;
const screenOn = (out: ReturnType<typeof memoryOutput>, json = false) =>
  createScreen({ json, timeZone: 'UTC', name: String, out });

describe('the terminal screen', () => {
  it('has colours only on a terminal that has them, and none under NO_COLOR', () => {
    const colorful = memoryOutput({ isTTY: true, columns: 80, hasColors: () => true });
    screenOn(colorful).show(card, about);
    expect(colorful.text()).toContain('\u001b[1mRUNNING');
    const plain = memoryOutput({ isTTY: true, columns: 80, hasColors: () => false });
    screenOn(plain).show(card, about);
    expect(plain.text()).not.toContain('\u001b');
    const piped = memoryOutput({ hasColors: () => true });
    screenOn(piped).show(card, about);
    expect(piped.text()).not.toContain('\u001b');
  });

  it('fits a narrow window, and shows the command behind a button', () => {
    const out = memoryOutput({ columns: 40 });
    screenOn(out).show(card, about);
    const rows = out.text().split('\n');
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(40);
    expect(out.text()).toContain('dr approve R-42 --preview 9f3c-21ab');
    // The same card is wider where there is room, so the narrow one was really broken up.
    const wide = memoryOutput({ columns: 100 });
    screenOn(wide).show(card, about);
    expect(
      Math.max(
        ...wide
          .text()
          .split('\n')
          .map((row) => row.length),
      ),
    ).toBeGreaterThan(40);
  });

  it('prints nothing that could steer the terminal', () => {
    const out = memoryOutput();
    screenOn(out).show(card, about);
    expect(out.text()).not.toContain(ESC);
    expect(out.text()).not.toContain(CSI);
    expect(out.text()).toMatch(/"evil \[2J ?31m reason"/);
  });

  it('writes one JSON object a line, with the request, its state and the exit code', () => {
    const out = memoryOutput({ isTTY: true, columns: 20, hasColors: () => true });
    const screen = screenOn(out, true);
    screen.show(card, about);
    screen.passing('waiting 0:42');
    screen.say(['done'], { request: R42, state: 'done', exitCode: 0 });
    const parsed = out
      .text()
      .trim()
      .split('\n')
      .map((row): unknown => JSON.parse(row));
    expect(parsed).toMatchObject([
      { request: 'R-42', state: 'running', exitCode: 4 },
      { request: 'R-42', state: 'done', exitCode: 0, lines: ['done'] },
    ]);
    expect(out.text()).not.toContain('waiting 0:42');
  });

  it('replaces the passing line before the next card', () => {
    const out = memoryOutput({ isTTY: true, columns: 60, hasColors: () => false });
    const screen = screenOn(out);
    screen.passing('waiting 0:42');
    screen.show(card, about);
    expect(out.text().startsWith(`waiting 0:42\r${ESC}[KRUNNING`)).toBe(true);
  });
});
