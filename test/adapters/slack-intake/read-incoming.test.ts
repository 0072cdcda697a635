import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readIncoming } from '#adapters/slack-intake';
import { Incoming } from '#ports';

const text = fc.string({ unit: 'binary', maxLength: 400 });
const maybe = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ arbitrary: value, weight: 6 }, { arbitrary: fc.jsonValue(), weight: 1 });

const slash = fc.record({
  command: text,
  text: maybe(fc.oneof(text, fc.constant('x'.repeat(20_000)))),
  team_id: text,
  user_id: text,
  channel_id: text,
  trigger_id: maybe(text),
  response_url: maybe(text),
});
const click = fc.record({
  type: fc.constant('block_actions'),
  team: maybe(fc.record({ id: text })),
  user: fc.record({ id: text }),
  channel: maybe(fc.record({ id: text })),
  container: maybe(fc.record({ message_ts: text, channel_id: text, is_ephemeral: fc.boolean() })),
  trigger_id: text,
  actions: maybe(fc.array(fc.record({ action_id: fc.oneof(text, fc.constant('more')), action_ts: text, value: text }))),
});
const form = fc.record({
  type: fc.constant('view_submission'),
  team: fc.record({ id: text }),
  user: fc.record({ id: text }),
  view: fc.record({
    id: text,
    hash: text,
    callback_id: fc.oneof(text, fc.constant('command:failover')),
    private_metadata: text,
    state: fc.record({ values: fc.dictionary(text, fc.dictionary(text, maybe(fc.record({ value: text })))) }),
  }),
});
const event = fc.record({
  type: fc.constant('event_callback'),
  team_id: text,
  event_id: text,
  event: fc.record({
    type: fc.constantFrom('app_mention', 'message', 'reaction_added'),
    subtype: maybe(fc.constantFrom('message_changed', 'message_deleted', 'constructor')),
    user: maybe(text),
    channel: text,
    ts: maybe(text),
    thread_ts: maybe(text),
    text: maybe(text),
    message: maybe(fc.record({ user: text, ts: text, text })),
  }),
});

test('whatever arrives, it is nothing for us or fits what is kept; it never throws', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.oneof(slash, click, form, event, fc.jsonValue(), fc.anything()), (body) => {
      const found = readIncoming(body);
      if (!found) return;
      read += 1;
      expect(Incoming.safeParse(found.incoming).error).toBeUndefined();
    }),
    { numRuns: 3_000 },
  );
  expect(read).toBeGreaterThan(300);
});

test('the same act has the same key, another act another, however long its parts are', () => {
  const press = (action_ts: string) =>
    readIncoming({
      type: 'block_actions',
      team: { id: 'T' },
      user: { id: 'U' },
      container: { message_ts: '1.1', channel_id: 'C' },
      trigger_id: 't',
      actions: [{ action_id: 'a'.repeat(255), action_ts, value: 'v' }],
    })?.incoming.key;
  const long = '9'.repeat(80);
  expect(press(`${long}1`)).toBe(press(`${long}1`));
  expect(press(`${long}1`)).not.toBe(press(`${long}2`));
});
