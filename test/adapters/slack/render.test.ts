import { describe, expect, it } from 'vitest';
import { renderCard, renderText } from '#adapters/slack';
import { at, bold, code, mention, outside, PersonId, say, type Text } from '#core';
import type { Card, CardPart } from '#ports';

const alex = PersonId.parse('alex-chen');
const david = PersonId.parse('david-kim');
const names = {
  userOf: (person: PersonId) => (person === alex ? 'U0ALEXCHEN' : undefined),
  nameOf: (person: PersonId) => (person === david ? 'David Kim' : 'Alex Chen'),
};
const now = new Date('2026-11-23T08:14:34Z');
const render = (text: Text, limit?: number) => renderText(text, names, now, limit);
const cardOf = (...parts: CardPart[]): Card => ({ push: 'push', parts });

describe('texts in Slack', () => {
  it("shows a time by each reader's own clock, with UTC where that cannot be", () => {
    expect(render(say`Started ${at(now)}.`)).toBe('Started <!date^1795421674^{time_secs}|08:14:34 UTC>.');
    const yesterday = new Date('2026-11-22T08:14:34Z');
    expect(render([at(yesterday)])).toBe('<!date^1795335274^{date_short} {time_secs}|2026-11-22 08:14:34 UTC>');
  });

  it('mentions whoever has a linked account, and names the others', () => {
    expect(render(say`${mention(alex)} ${mention(david)}`)).toBe('<@U0ALEXCHEN> David Kim');
  });

  it('marks bold and code, line by line', () => {
    expect(render([bold('APPROVAL NEEDED\nnow'), ' ', code('a`b<c')])).toBe('*APPROVAL NEEDED*\n*now* `a\u02cbb&lt;c`');
  });

  it.each([
    ['<!channel> <@U1> <https://evil.example|here>', '&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|here&gt;'],
    ['a & b', 'a &amp; b'],
    ['*bold* _it_ ~no~ `code`', '\u2217bold\u2217 \uff3fit\uff3f \u223cno\u223c \u02cbcode\u02cb'],
    ['driver_logs and a*b stay', 'driver_logs and a*b stay'],
    ['> a quotation', '\u203a a quotation'],
    ['us-east-1 -> us-west-2', 'us-east-1 -&gt; us-west-2'],
    ['at 08:14:34 :tada: :+1:x', 'at 08:14:34 \ua789tada: :+1:x'],
    ['right\u202eleft\u0007bell\u200b', 'rightleftbell'],
  ])('takes %j literally', (words, expected) => {
    expect(render([words])).toBe(expected);
  });

  it('shows words from outside in one quoted line, whatever they try', () => {
    const tried = render([outside('x\n<!here> *now* [31mred')]);
    expect(tried).toBe('"x &lt;!here&gt; \u2217now\u2217 [31mred"');
  });

  it('makes links of web addresses only', () => {
    expect(render([{ link: 'https://hf.example/i/17?a=1|2', label: 'Open >' }])).toBe(
      '<https://hf.example/i/17?a=1%7C2|Open &gt;>',
    );
    expect(render([{ link: 'javascript:alert(1)', label: 'Open' }])).toBe('Open');
  });

  it('cuts visibly, at whole characters, and never inside a token', () => {
    expect(render(['x'.repeat(50)], 20)).toBe(`${'x'.repeat(17)}...`);
    expect(render(['x'.repeat(20)], 20)).toBe('x'.repeat(20));
    expect(render(['&'.repeat(10)], 20)).toBe('&amp;&amp;&amp;...');
    expect(render(['Started ', at(now), ' and more'], 30)).toBe('Started ...');
    expect(render(['\u{1f6a8}'.repeat(20)], 20)).toBe(`${'\u{1f6a8}'.repeat(8)}...`);
  });
});

describe('cards in Slack', () => {
  const button = { id: 'approve', label: 'Approve', value: 'R-42', spoken: 'Approve run R-42' };

  it('renders each part in its order', () => {
    const card = cardOf(
      { kind: 'text', text: [bold('RUNNING')] },
      { kind: 'bar', share: 0.5 },
      { kind: 'divider' },
      { kind: 'buttons', buttons: [{ ...button, style: 'primary' }], more: [] },
      { kind: 'small', text: ['Updated'] },
    );
    expect(renderCard(card, names, now)).toEqual([
      { type: 'section', text: { type: 'mrkdwn', text: '*RUNNING*', verbatim: true } },
      { type: 'section', text: { type: 'mrkdwn', text: '`[############------------]`', verbatim: true } },
      { type: 'divider' },
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: 'approve',
            text: { type: 'plain_text', text: 'Approve', emoji: false },
            value: 'R-42',
            accessibility_label: 'Approve run R-42',
            style: 'primary',
          },
        ],
      },
      { type: 'context', elements: [{ type: 'mrkdwn', text: 'Updated', verbatim: true }] },
    ]);
  });

  it('never shows a full bar while work goes on', () => {
    const bar = (share: number) => JSON.stringify(renderCard(cardOf({ kind: 'bar', share }), names, now));
    expect(bar(0.999)).toContain('-]');
    expect(bar(1)).not.toContain('-]');
  });

  it('puts at most three buttons in a row', () => {
    const buttons = Array.from({ length: 7 }, (_, index) => ({ ...button, id: `b${index}` }));
    const rows = renderCard(cardOf({ kind: 'buttons', buttons, more: [button] }), names, now);
    expect(rows.map((row) => (row.type === 'actions' ? row.elements.length : 0))).toEqual([3, 3, 2]);
  });

  it('leaves out text that does not fit, says so, and keeps every button', () => {
    const long: CardPart[] = Array.from({ length: 80 }, () => ({ kind: 'text', text: ['x'.repeat(900)] }));
    const blocks = renderCard(cardOf(...long, { kind: 'buttons', buttons: [button], more: [] }), names, now);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(blocks).length).toBeLessThan(13_000);
    expect(blocks.at(-2)).toMatchObject({ type: 'actions' });
    expect(JSON.stringify(blocks.at(-1))).toContain('... The rest does not fit');
    const many: CardPart[] = Array.from({ length: 80 }, () => ({ kind: 'text', text: ['x'] }));
    expect(renderCard(cardOf(...many), names, now)).toHaveLength(50);
  });

  it('cuts what people read, and refuses to cut what code reads again', () => {
    const long = { ...button, label: 'x'.repeat(100), spoken: 'y'.repeat(100) };
    const [row] = renderCard(cardOf({ kind: 'buttons', buttons: [long], more: [] }), names, now);
    expect(row).toMatchObject({
      elements: [{ text: { text: `${'x'.repeat(72)}...` }, accessibility_label: `${'y'.repeat(72)}...` }],
    });
    const bad = cardOf({ kind: 'buttons', buttons: [{ ...button, value: 'z'.repeat(2001) }], more: [] });
    expect(() => renderCard(bad, names, now)).toThrow(expect.objectContaining({ kind: 'bug' }));
  });
});
