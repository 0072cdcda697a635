import { z } from 'zod';
import { actionElement, inputElement } from './elements.ts';
import { anyText, blockId, chars, plainText } from './objects.ts';

/**
 * The blocks Holdfast sends, as strict as Slack is: an unknown property is refused, not ignored. Types
 * Slack knows and we never send (tables, rich text, files) are refused here as unsupported.
 * Limits: docs.slack.dev/reference/block-kit/blocks.
 */
const sectionBlock = z
  .strictObject({
    type: z.literal('section'),
    block_id: blockId,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10, 'no more than 10 items allowed').optional(),
    accessory: actionElement.optional(),
    expand: z.boolean().optional(),
  })
  .refine((section) => section.text !== undefined || section.fields !== undefined, {
    message: 'missing required field: text',
    path: ['text'],
  });

const imageElement = z.strictObject({ type: z.literal('image'), image_url: chars(3000), alt_text: chars(2000) });

const contextBlock = z.strictObject({
  type: z.literal('context'),
  block_id: blockId,
  elements: z
    .array(z.union([anyText(3000), imageElement]))
    .min(1, 'no fewer than 1 items allowed')
    .max(10, 'no more than 10 items allowed'),
});

const headerBlock = z.strictObject({ type: z.literal('header'), block_id: blockId, text: plainText(150) });
const dividerBlock = z.strictObject({ type: z.literal('divider'), block_id: blockId });

const actionsBlock = z.strictObject({
  type: z.literal('actions'),
  block_id: blockId,
  elements: z.array(actionElement).min(1, 'no fewer than 1 items allowed').max(25, 'no more than 25 items allowed'),
});

const inputBlock = z.strictObject({
  type: z.literal('input'),
  block_id: blockId,
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: inputElement,
});

export const block = z.discriminatedUnion('type', [
  sectionBlock,
  contextBlock,
  headerBlock,
  dividerBlock,
  actionsBlock,
  inputBlock,
]);

export type Block = z.output<typeof block>;
export type InputBlock = z.output<typeof inputBlock>;
