import { z } from 'zod';
import { actionId, chars, confirmDialog, plainOption, plainText, textOption } from './objects.ts';

/** Interactive elements and their limits: docs.slack.dev/reference/block-kit/block-elements. */
const placeholder = plainText(150).optional();
const focus = z.boolean().optional();
const atMost = (count: number) => `no more than ${count} items allowed`;

export const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: actionId,
  value: chars(2000).optional(),
  url: chars(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirmDialog.optional(),
  accessibility_label: chars(75).optional(),
});

export const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: actionId,
  options: z.array(plainOption).min(1, 'no fewer than 1 items allowed').max(5, atMost(5)),
  confirm: confirmDialog.optional(),
});

const optionGroup = z.strictObject({ label: plainText(75), options: z.array(plainOption).max(100, atMost(100)) });

export const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  action_id: actionId,
  placeholder,
  options: z.array(plainOption).min(1, 'no fewer than 1 items allowed').max(100, atMost(100)).optional(),
  option_groups: z.array(optionGroup).min(1).max(100, atMost(100)).optional(),
  initial_option: plainOption.optional(),
  confirm: confirmDialog.optional(),
  focus_on_load: focus,
});

export const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  action_id: actionId,
  placeholder,
  initial_user: z.string().optional(),
  confirm: confirmDialog.optional(),
  focus_on_load: focus,
});

export const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  action_id: actionId,
  options: z.array(textOption).min(1, 'no fewer than 1 items allowed').max(10, atMost(10)),
  initial_option: textOption.optional(),
  confirm: confirmDialog.optional(),
  focus_on_load: focus,
});

export const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  action_id: actionId,
  options: z.array(textOption).min(1, 'no fewer than 1 items allowed').max(10, atMost(10)),
  initial_options: z.array(textOption).min(1).optional(),
  confirm: confirmDialog.optional(),
  focus_on_load: focus,
});

export const dateTimePicker = z.strictObject({
  type: z.literal('datetimepicker'),
  action_id: actionId,
  initial_date_time: z.number().int().min(1_000_000_000).max(9_999_999_999).optional(),
  confirm: confirmDialog.optional(),
  focus_on_load: focus,
});

export const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: actionId,
  placeholder,
  initial_value: chars(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.number().int().min(0).max(3000).optional(),
  max_length: z.number().int().min(1).max(3000).optional(),
  dispatch_action_config: z.strictObject({ trigger_actions_on: z.array(z.string()).optional() }).optional(),
  focus_on_load: focus,
});

const choosers = [button, overflow, staticSelect, usersSelect, radioButtons, checkboxes, dateTimePicker] as const;

export const actionElement = z.discriminatedUnion('type', [...choosers]);
export const inputElement = z.discriminatedUnion('type', [
  staticSelect,
  usersSelect,
  radioButtons,
  checkboxes,
  dateTimePicker,
  plainTextInput,
]);

export type ActionElement = z.output<typeof actionElement>;
export type InputElement = z.output<typeof inputElement>;
export type Element = ActionElement | InputElement;
