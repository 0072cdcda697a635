import { z } from 'zod';
import { refuse } from '../api-refusal.ts';
import { type Block, block } from './blocks.ts';
import { chars, plainText } from './objects.ts';
import { elementsOf, textsOf } from './walk.ts';

/** Blocks a surface carries: docs.slack.dev/block-kit. */
const MESSAGE_BLOCKS = 50;
const MODAL_BLOCKS = 100;
/** Undocumented; seen at about 13.2 k characters of text with a share for each container (bolt-js#2509). */
const MESSAGE_TEXT_BUDGET = 13_200;
const CONTAINER_SHARE = 24;
const VIEW_BYTES = 250_000;

const modalView = z
  .strictObject({
    type: z.literal('modal'),
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    blocks: z.array(block).max(MODAL_BLOCKS, `no more than ${MODAL_BLOCKS} items allowed`),
    private_metadata: chars(3000).optional(),
    callback_id: chars(255).optional(),
    external_id: chars(255).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    submit_disabled: z.boolean().optional(),
  })
  .refine((view) => view.submit !== undefined || view.blocks.every((entry) => entry.type !== 'input'), {
    message: '`submit` is required when an `input` is in the blocks array',
    path: ['submit'],
  });

export type ModalView = z.output<typeof modalView>;

/**
 * Checks the blocks of a message. `given` is an array, or its JSON as the SDK sends it.
 * @throws SlackApiRefusal invalid_blocks_format (no array of objects), invalid_blocks (with details),
 *   msg_blocks_too_long (the total).
 */
export function checkMessageBlocks(given: unknown): Block[] {
  const parsed = fromJson(given, 'invalid_blocks_format');
  if (!Array.isArray(parsed) || parsed.some((entry) => typeof entry !== 'object' || entry === null)) {
    refuse('invalid_blocks_format');
  }
  if (parsed.length > MESSAGE_BLOCKS) {
    refuse('invalid_blocks', [`no more than ${MESSAGE_BLOCKS} items allowed [json-pointer:/blocks]`]);
  }
  const outcome = z.array(block).safeParse(parsed);
  if (!outcome.success) refuse('invalid_blocks', pointers(outcome.error, '/blocks'));
  const twice = duplicates(outcome.data);
  if (twice.length > 0) refuse('invalid_blocks', twice);
  const size = textsOf(outcome.data).reduce((sum, text) => sum + text.length, 0) + parsed.length * CONTAINER_SHARE;
  if (size > MESSAGE_TEXT_BUDGET) refuse('msg_blocks_too_long');
  return outcome.data;
}

/** Checks a modal. @throws SlackApiRefusal invalid_arguments (with details) or view_too_large. */
export function checkModal(given: unknown): ModalView {
  const parsed = fromJson(given, 'invalid_arguments');
  if (Buffer.byteLength(JSON.stringify(parsed) ?? '') > VIEW_BYTES) refuse('view_too_large');
  const outcome = modalView.safeParse(parsed);
  if (!outcome.success) refuse('invalid_arguments', pointers(outcome.error, '/view'));
  const twice = duplicates(outcome.data.blocks).map((message) => message.replace('pointer:/', 'pointer:/view/'));
  if (twice.length > 0) refuse('invalid_arguments', twice);
  return outcome.data;
}

function fromJson(given: unknown, error: string): unknown {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    return refuse(error);
  }
}

/** zod's paths as Slack's json-pointers, zod's reasons in Slack's words where the schema has none of its own. */
function pointers(error: z.ZodError, root: string): string[] {
  return error.issues.map((issue) => {
    const at = `[json-pointer:${[root, ...issue.path.map(String)].join('/')}]`;
    if (issue.code === 'unrecognized_keys') return `no additional properties allowed: ${issue.keys.join(', ')} ${at}`;
    if (issue.code === 'invalid_union') return `unsupported type or failed to match all allowed schemas ${at}`;
    if (issue.code === 'invalid_type' && issue.message.includes('received undefined')) {
      return `missing required field: ${String(issue.path.at(-1))} ${at}`;
    }
    return `${issue.message} ${at}`;
  });
}

function duplicates(blocks: readonly Block[]): string[] {
  const ids = blocks.map((entry) => entry.block_id);
  const sameBlock = repeated(ids).map((id) => `block_id already exists: ${id} [json-pointer:/blocks]`);
  const sameAction = blocks.flatMap((holder, index) =>
    repeated(elementsOf([holder]).map(({ element }) => element.action_id)).map(
      (id) => `action_id already exists: ${id} [json-pointer:/blocks/${index}/elements]`,
    ),
  );
  return [...sameBlock, ...sameAction];
}

function repeated(ids: readonly (string | undefined)[]): string[] {
  const present = ids.filter((id) => id !== undefined);
  return [...new Set(present.filter((id, index) => present.indexOf(id) !== index))];
}
