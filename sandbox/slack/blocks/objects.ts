import { z } from 'zod';

/** A string of at most `max` characters, refused in Slack's own words. */
export const chars = (max: number) => z.string().max(max, `must be less than ${max + 1} characters`);
const filled = (max: number) => chars(max).min(1, 'must be more than 0 characters');

/** Composition objects and their limits: docs.slack.dev/reference/block-kit/composition-objects. */
export const plainText = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: filled(max), emoji: z.boolean().optional() });

export const mrkdwnText = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: filled(max), verbatim: z.boolean().optional() });

export const anyText = (max: number) => z.discriminatedUnion('type', [plainText(max), mrkdwnText(max)]);

// 75 for `value` as in @slack/types; newer pages may say 150, so the double keeps the narrower one.
export const plainOption = z.strictObject({
  text: plainText(75),
  value: chars(75),
  description: plainText(75).optional(),
  url: chars(3000).optional(),
});
export const textOption = z.strictObject({
  text: anyText(75),
  value: chars(75),
  description: anyText(75).optional(),
});

export const confirmDialog = z.strictObject({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(['primary', 'danger']).optional(),
});

export const blockId = chars(255).optional();
export const actionId = chars(255).optional();

export type PlainOption = z.output<typeof plainOption>;
export type TextOption = z.output<typeof textOption>;
export type ConfirmDialog = z.output<typeof confirmDialog>;
