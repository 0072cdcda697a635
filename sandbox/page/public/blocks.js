import { controlFor } from './controls.js';
import { h } from './dom.js';
import { textObject } from './mrkdwn.js';

/**
 * Blocks as nodes. `surface` is where they stand: `{ send(actionId, value), fields, prefix, errors }`;
 * `prefix` keeps the keys of controls apart between messages.
 */
export function blocksOf(blocks, surface) {
  return blocks.map((block) => DRAW[block.type]?.(block, surface) ?? h('p', { class: 'muted' }, `(${block.type})`));
}

const DRAW = {
  section: (block, surface) =>
    h(
      'div',
      { class: 'section' },
      h(
        'div',
        { class: 'section-text' },
        block.text === undefined ? null : h('div', { class: 'text' }, textObject(block.text)),
        block.fields === undefined
          ? null
          : h(
              'div',
              { class: 'fields' },
              block.fields.map((field) => h('div', { class: 'text' }, textObject(field))),
            ),
      ),
      block.accessory === undefined ? null : controlFor(block.accessory, surface),
    ),
  header: (block) => h('h3', { class: 'header-block' }, block.text.text),
  divider: () => h('hr'),
  context: (block) =>
    h(
      'div',
      { class: 'context' },
      block.elements.map((element) =>
        element.type === 'image' ? h('span', {}, element.alt_text) : h('span', { class: 'text' }, textObject(element)),
      ),
    ),
  actions: (block, surface) =>
    h(
      'div',
      { class: 'actions' },
      block.elements.map((element) => controlFor(element, surface)),
    ),
  input: (block, surface) => {
    const id = `${surface.prefix}-${block.element.action_id}`;
    const problem = surface.errors?.[block.block_id];
    const described = [block.hint === undefined ? '' : `${id}-hint`, problem === undefined ? '' : `${id}-error`]
      .join(' ')
      .trim();
    const group = block.element.type === 'radio_buttons' || block.element.type === 'checkboxes';
    return h(
      group ? 'fieldset' : 'div',
      { class: 'field', data: { problem: problem !== undefined } },
      h(
        group ? 'legend' : 'label',
        group ? {} : { for: id },
        block.label.text,
        block.optional === true ? h('span', { class: 'muted' }, ' (optional)') : null,
      ),
      controlFor(block.element, { ...surface, id, described, immediate: block.dispatch_action === true }),
      block.hint === undefined ? null : h('p', { id: `${id}-hint`, class: 'muted' }, block.hint.text),
      problem === undefined ? null : h('p', { id: `${id}-error`, class: 'problem', role: 'alert' }, problem),
    );
  },
};
