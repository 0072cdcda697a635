import { DrError } from '#core';
import type { Form, FormField } from '#ports';
import { cut } from './cut.ts';
import { renderCard } from './render-card.ts';
import type { SlackNames } from './render-text.ts';
import type { InputBlock, KnownBlock, ModalView } from './slack-types.ts';

const plain = (words: string, limit: number) => ({
  type: 'plain_text' as const,
  text: cut(words, limit),
  emoji: false,
});

/** A form as a modal. Its answers come back under `values[field id][field id]`, its context as `private_metadata`. */
export function renderForm(form: Form, names: SlackNames, now: Date): ModalView {
  if (form.context.length > 3000) {
    throw new DrError('UNEXPECTED', 'bug', `The form ${form.id} has ${form.context.length} characters of context.`);
  }
  const intro = form.intro ? renderCard({ push: '', parts: [{ kind: 'text', text: form.intro }] }, names, now) : [];
  return {
    type: 'modal',
    callback_id: form.id,
    title: plain(form.title, 24),
    submit: plain(form.submit, 24),
    close: plain('Cancel', 24),
    private_metadata: form.context,
    blocks: [...intro, ...form.fields.map(renderField)] as KnownBlock[],
  };
}

function renderField(field: FormField): InputBlock {
  const common = { type: 'input' as const, block_id: field.id, label: plain(field.label, 2000) };
  if (field.kind === 'line') {
    const initial = field.initial === undefined ? {} : { initial_value: cut(field.initial, 3000) };
    return {
      ...common,
      ...(field.hint === undefined ? {} : { hint: plain(field.hint, 2000) }),
      optional: field.optional ?? false,
      element: { type: 'plain_text_input', action_id: field.id, max_length: 3000, ...initial },
    };
  }
  const options = field.options.slice(0, 100).map(({ value, label }) => ({ text: plain(label, 75), value }));
  const chosen = options.find((option) => option.value === field.initial);
  return {
    ...common,
    element: {
      type: 'static_select',
      action_id: field.id,
      options,
      ...(chosen ? { initial_option: chosen } : {}),
    },
  };
}
