import { askFirst } from './confirm.js';
import { h } from './dom.js';
import { openMenu } from './menu.js';
import { textObject } from './mrkdwn.js';
import { state } from './state.js';
import { fromWallClock, wallClock } from './time.js';

/** An interactive element. Outside a form every change is sent; inside one it waits for the submit. */
export function controlFor(element, surface) {
  return DRAW[element.type]?.(element, surface) ?? h('span', { class: 'muted' }, `(${element.type})`);
}

const keyOf = (element, surface) => `${surface.prefix}/${element.action_id}`;
const held = (element, surface) => surface.fields[element.action_id];

/** Keeps the value, and sends it where the app wants to hear at once. */
async function chosen(element, surface, value) {
  surface.fields[element.action_id] = value;
  if (surface.immediate === false) return;
  if (await askFirst(element.confirm)) await surface.send(element.action_id, value);
}

async function pressed(element, surface, event) {
  const button = event.currentTarget;
  if (element.url !== undefined) window.open(element.url, '_blank', 'noopener,noreferrer');
  if (!(await askFirst(element.confirm, button))) return;
  button.setAttribute('aria-busy', 'true');
  button.disabled = true;
  try {
    await surface.send(element.action_id);
  } finally {
    button.disabled = false;
    button.removeAttribute('aria-busy');
  }
}

function optionsOf(element) {
  return [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
}

function select(element, surface, options, chosenValue, placeholder) {
  return h(
    'select',
    {
      id: surface.id,
      class: 'select',
      'aria-label': surface.id === undefined ? placeholder : null,
      'aria-describedby': surface.described || null,
      data: { key: keyOf(element, surface) },
      onchange: (event) => chosen(element, surface, event.target.value),
    },
    h('option', { value: '', disabled: true, selected: chosenValue === undefined }, placeholder),
    options.map(([value, label]) => h('option', { value, selected: value === chosenValue }, label)),
  );
}

function choices(element, surface, type, values) {
  return h(
    'div',
    { class: 'choices' },
    element.options.map((option) =>
      h(
        'label',
        { class: 'choice' },
        h('input', {
          type,
          name: `${surface.prefix}-${element.action_id}`,
          value: option.value,
          checked: values.includes(option.value),
          data: { key: `${keyOf(element, surface)}/${option.value}` },
          onchange: (event) => {
            const rest = values.filter((value) => value !== option.value);
            const next = type === 'radio' ? option.value : event.target.checked ? [...rest, option.value] : rest;
            values.splice(0, values.length, ...[next].flat());
            void chosen(element, surface, next);
          },
        }),
        h(
          'span',
          {},
          textObject(option.text),
          option.description === undefined ? null : h('span', { class: 'muted' }, textObject(option.description)),
        ),
      ),
    ),
  );
}

const DRAW = {
  button: (element, surface) =>
    h(
      'button',
      {
        type: 'button',
        class: `button ${element.style ?? ''}`,
        'aria-label': element.accessibility_label ?? null,
        data: { key: keyOf(element, surface), action: element.action_id },
        onclick: (event) => pressed(element, surface, event),
      },
      element.text.text,
    ),
  overflow: (element, surface) =>
    h(
      'button',
      {
        type: 'button',
        class: 'button more',
        'aria-label': 'More actions',
        'aria-haspopup': 'menu',
        'aria-expanded': 'false',
        data: { key: keyOf(element, surface), action: element.action_id },
        onclick: (event) =>
          openMenu(
            event.currentTarget,
            element.options.map((option) => ({ value: option.value, label: option.text.text })),
            async (value) => {
              if (await askFirst(element.confirm)) await surface.send(element.action_id, value);
            },
          ),
      },
      h('span', { class: 'dots', 'aria-hidden': 'true' }, '\u2022\u2022\u2022'),
    ),
  static_select: (element, surface) =>
    select(
      element,
      surface,
      optionsOf(element).map((option) => [option.value, option.text.text]),
      held(element, surface) ?? element.initial_option?.value,
      element.placeholder?.text ?? 'Choose one',
    ),
  users_select: (element, surface) =>
    select(
      element,
      surface,
      [...state.people.values()].map((person) => [person.id, person.name]),
      held(element, surface) ?? element.initial_user,
      element.placeholder?.text ?? 'Choose a person',
    ),
  radio_buttons: (element, surface) =>
    choices(element, surface, 'radio', [held(element, surface) ?? element.initial_option?.value ?? []].flat()),
  checkboxes: (element, surface) =>
    choices(element, surface, 'checkbox', [
      ...(held(element, surface) ?? (element.initial_options ?? []).map((option) => option.value)),
    ]),
  datetimepicker: (element, surface) => {
    const seconds = held(element, surface) ?? element.initial_date_time;
    return h('input', {
      type: 'datetime-local',
      step: '1',
      id: surface.id,
      class: 'text-input',
      'aria-describedby': surface.described || null,
      value: seconds === undefined ? '' : wallClock(seconds),
      data: { key: keyOf(element, surface) },
      onchange: (event) => event.target.value !== '' && chosen(element, surface, fromWallClock(event.target.value)),
    });
  },
  plain_text_input: (element, surface) => {
    const value = held(element, surface) ?? element.initial_value ?? '';
    const input = h(element.multiline === true ? 'textarea' : 'input', {
      id: surface.id,
      class: 'text-input',
      rows: element.multiline === true ? '4' : null,
      type: element.multiline === true ? null : 'text',
      maxlength: element.max_length ?? null,
      placeholder: element.placeholder?.text ?? null,
      'aria-describedby': surface.described || null,
      data: { key: keyOf(element, surface) },
      oninput: (event) => {
        surface.fields[element.action_id] = event.target.value;
      },
    });
    input.value = value;
    return input;
  },
};
