import type { KnownBlock, View } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { client, plain, refusal, text, workspace } from './helpers.ts';

const section = (length: number): KnownBlock => ({ type: 'section', text: text('x'.repeat(length)) });
const button = (change: Record<string, unknown>) => ({ type: 'button' as const, text: plain('Go'), ...change });
const actions = (...elements: ReturnType<typeof button>[]): KnownBlock => ({ type: 'actions', elements });

describe('blocks that Slack would refuse', () => {
  const cases: [string, unknown, string, RegExp?][] = [
    [
      'a text over 3,000 characters',
      [section(3001)],
      'invalid_blocks',
      /must be less than 3001 .*\/blocks\/0\/text\/text/,
    ],
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' })), 'invalid_blocks', /no more than 50/],
    ['a header over 150', [{ type: 'header', text: plain('x'.repeat(151)) }], 'invalid_blocks', /less than 151/],
    ['a header in mrkdwn', [{ type: 'header', text: text('x') }], 'invalid_blocks'],
    ['a button text over 75', [actions(button({ text: plain('x'.repeat(76)) }))], 'invalid_blocks', /less than 76/],
    ['a value over 2,000', [actions(button({ value: 'x'.repeat(2001) }))], 'invalid_blocks', /less than 2001/],
    ['an action_id over 255', [actions(button({ action_id: 'x'.repeat(256) }))], 'invalid_blocks', /less than 256/],
    ['an accessibility label over 75', [actions(button({ accessibility_label: 'x'.repeat(76) }))], 'invalid_blocks'],
    [
      'the same action_id twice in a block',
      [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
      'invalid_blocks',
      /action_id already exists: a/,
    ],
    ['the same block_id twice', [1, 2].map(() => ({ type: 'divider', block_id: 'b' })), 'invalid_blocks', /block_id/],
    [
      '26 elements',
      [actions(...Array.from({ length: 26 }, () => button({})))],
      'invalid_blocks',
      /no more than 25 items allowed \[json-pointer:\/blocks\/0\/elements\]/,
    ],
    [
      'a confirm text over 300',
      [
        actions(
          button({
            confirm: { title: plain('a'), text: text('x'.repeat(301)), confirm: plain('y'), deny: plain('n') },
          }),
        ),
      ],
      'invalid_blocks',
      /less than 301/,
    ],
    ['an unknown block', [{ type: 'sektion', text: text('x') }], 'invalid_blocks', /unsupported type/],
    ['an unknown property', [{ ...section(1), colour: 'red' }], 'invalid_blocks', /additional properties.*colour/],
    ['an empty section', [{ type: 'section' }], 'invalid_blocks', /missing required field: text/],
    [
      'a text input outside an input',
      [{ type: 'actions', elements: [{ type: 'plain_text_input' }] }],
      'invalid_blocks',
    ],
    ['no array', { type: 'divider' }, 'invalid_blocks_format'],
    ['broken JSON', '[{', 'invalid_blocks_format'],
    ['too much text in all', Array.from({ length: 5 }, () => section(2700)), 'msg_blocks_too_long'],
  ];

  it.each(cases)('%s', async (_name, blocks, error, detail) => {
    const slack = await workspace();
    const call = client(slack).apiCall('chat.postMessage', { channel: slack.channel.id, text: 'x', blocks });
    const refused = await refusal(call);
    expect(refused.error).toBe(error);
    if (detail !== undefined) expect(refused.messages.join('\n')).toMatch(detail);
    expect(slack.messages()).toEqual([]);
  });

  it('accepts every block and element Holdfast uses', async () => {
    const slack = await workspace();
    const option = (value: string) => ({ text: plain(value), value });
    const blocks: KnownBlock[] = [
      { type: 'header', text: plain('APPROVAL NEEDED') },
      { type: 'divider' },
      { type: 'context', elements: [text('Updated <!date^1764000000^{time_secs}|16:00:00 UTC>')] },
      {
        type: 'section',
        text: text('*us-east-1* <@U0ALEXCHEN>'),
        accessory: { type: 'overflow', action_id: 'more', options: [option('cancel'), option('why')] },
      },
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: 'approve',
            style: 'primary',
            text: plain('Approve'),
            accessibility_label: 'Approve run R-42',
            confirm: {
              title: plain('Approve R-42?'),
              text: text('x'),
              confirm: plain('Approve'),
              deny: plain('Not yet'),
            },
          },
          { type: 'static_select', action_id: 'to', options: [option('us-west-2')] },
          { type: 'radio_buttons', action_id: 'kind', options: [option('planned')] },
          { type: 'datetimepicker', action_id: 'at', initial_date_time: 1_764_000_000 },
        ],
      },
    ];
    const posted = await client(slack).chat.postMessage({ channel: slack.channel.id, text: 'x', blocks });
    expect(posted.ok).toBe(true);
    expect(slack.messages()[0]?.blocks?.every((block) => block.block_id !== undefined)).toBe(true);
  });
});

describe('texts that Slack takes and shows wrongly', () => {
  it('are kept as warnings, and right ones are not', async () => {
    const slack = await workspace();
    const api = client(slack);
    const channel = slack.channel.id;
    await api.chat.postMessage({ channel, text: 'until <!date^1764000000^{time_secs}|16:00:00 UTC> *now*' });
    expect(slack.warnings).toEqual([]);
    await api.chat.postMessage({ channel, text: 'until <!date^1764000000^{time_secs}>' });
    await api.chat.postMessage({ channel, text: '**bold** [link](https://hf.example)' });
    expect(slack.warnings.map((warning) => warning.split(':')[0])).toEqual([
      'malformed date token',
      'Markdown bold in mrkdwn',
      'Markdown link in mrkdwn',
    ]);
  });
});

describe('modals that Slack would refuse', () => {
  const modal = { type: 'modal', title: plain('Plan'), blocks: [section(1)] };
  const input = { type: 'input', label: plain('Why'), element: { type: 'plain_text_input' } };
  const cases: [string, unknown, string, RegExp][] = [
    [
      'a title over 24',
      { ...modal, title: plain('x'.repeat(25)) },
      'invalid_arguments',
      /less than 25 .*\/view\/title/,
    ],
    ['private_metadata over 3,000', { ...modal, private_metadata: 'x'.repeat(3001) }, 'invalid_arguments', /3001/],
    ['an input without submit', { ...modal, blocks: [input] }, 'invalid_arguments', /`submit` is required/],
    ['101 blocks', { ...modal, blocks: Array.from({ length: 101 }, () => section(1)) }, 'invalid_arguments', /100/],
    ['250 kB', { ...modal, blocks: Array.from({ length: 90 }, () => section(2990)) }, 'view_too_large', /^$/],
  ];

  it.each(cases)('%s', async (_name, view, error, detail) => {
    const slack = await workspace();
    const refused = await refusal(client(slack).views.open({ trigger_id: 'any', view: view as View }));
    expect(refused.error).toBe(error);
    expect(refused.messages.join('\n')).toMatch(detail);
  });
});
