import type { Block, Element } from '../blocks/index.ts';
import { elementsOf } from '../blocks/index.ts';

/** What a person puts into a field: text or an option's value, several values, or Unix seconds. */
export type FieldValue = string | readonly string[] | number;
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** `state.values` of a payload: what every field holds, by block id and action id. */
export type StateValues = Record<string, Record<string, Record<string, unknown>>>;

/** The state of all fields: what the person put in (by action id), else what the app preset. */
export function stateOf(blocks: readonly Block[], values: FieldValues): StateValues {
  const state: StateValues = {};
  for (const { block, element } of elementsOf(blocks)) {
    if (element.type === 'button' || element.type === 'overflow') continue;
    const blockId = block.block_id ?? '';
    const actionId = element.action_id ?? '';
    state[blockId] = { ...state[blockId], [actionId]: fieldState(element, values[actionId]) };
  }
  return state;
}

/** One element's state, as in `actions[]` and `state.values`. @throws Error for an option that is not offered. */
export function fieldState(element: Element, value: FieldValue | undefined): Record<string, unknown> {
  const { type } = element;
  switch (element.type) {
    case 'plain_text_input':
      return { type, value: textOrNull(value ?? element.initial_value) };
    case 'datetimepicker':
      return { type, selected_date_time: value === undefined ? (element.initial_date_time ?? null) : Number(value) };
    case 'users_select':
      return { type, selected_user: value ?? element.initial_user ?? null };
    case 'checkboxes':
      return {
        type,
        selected_options: Array.isArray(value)
          ? value.map((one: string) => offered(element.options, one))
          : (element.initial_options ?? []),
      };
    case 'static_select': {
      const options = [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
      return {
        type,
        selected_option: value === undefined ? (element.initial_option ?? null) : offered(options, value),
      };
    }
    case 'radio_buttons':
      return {
        type,
        selected_option: value === undefined ? (element.initial_option ?? null) : offered(element.options, value),
      };
    case 'overflow':
      return { type, selected_option: offered(element.options, value ?? '') };
    case 'button':
      return { type, text: element.text, ...buttonValue(value ?? element.value) };
    default:
      return element satisfies never;
  }
}

/** What the client itself refuses before anything is sent: by block id, in the client's words. */
export function missingFields(blocks: readonly Block[], state: StateValues): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== 'input') continue;
    const blockId = block.block_id ?? '';
    const held = state[blockId]?.[block.element.action_id ?? ''] ?? {};
    const filled = Object.entries(held).some(
      ([key, value]) => key !== 'type' && value !== null && !(Array.isArray(value) && value.length === 0),
    );
    if (!filled && block.optional !== true) problems[blockId] = 'Please complete this required field.';
    const text = held['value'];
    if (block.element.type !== 'plain_text_input' || typeof text !== 'string') continue;
    const { min_length: least = 0, max_length: most = 3000 } = block.element;
    if (text.length < least) problems[blockId] = `This must be at least ${least} characters.`;
    if (text.length > most) problems[blockId] = `This must be at most ${most} characters.`;
  }
  return problems;
}

function textOrNull(value: FieldValue | undefined): string | null {
  return value === undefined || value === '' ? null : String(value);
}

function buttonValue(value: FieldValue | undefined): { value?: string } {
  return value === undefined ? {} : { value: String(value) };
}

function offered<Option extends { readonly value: string }>(options: readonly Option[], value: FieldValue): Option {
  const option = options.find((candidate) => candidate.value === value);
  if (option === undefined) throw new Error(`No option "${String(value)}" is offered.`);
  return option;
}
