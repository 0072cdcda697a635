import { h } from './dom.js';

/** An overflow menu under its button: arrows, Home, End, Enter; Esc or a click elsewhere closes it. */
export function openMenu(button, options, choose) {
  document.querySelector('.menu')?.remove();
  const close = (focusBack) => {
    menu.remove();
    button.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', outside, true);
    if (focusBack) button.focus();
  };
  const outside = (event) => {
    if (!menu.contains(event.target)) close(false);
  };
  const items = options.map(({ value, label }) =>
    h(
      'button',
      {
        type: 'button',
        role: 'menuitem',
        tabindex: '-1',
        onclick: () => {
          close(true);
          choose(value);
        },
      },
      label,
    ),
  );
  const menu = h('div', { class: 'menu', role: 'menu', onkeydown: (event) => move(event, items, close) }, items);
  button.setAttribute('aria-expanded', 'true');
  // Inside an open dialog everything outside of it is inert.
  (button.closest('dialog') ?? document.body).append(menu);
  place(menu, button);
  document.addEventListener('pointerdown', outside, true);
  items[0]?.focus();
}

function move(event, items, close) {
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items.at(to % items.length)?.focus();
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    event.preventDefault();
    event.stopPropagation();
    close(true);
  }
}

function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = at.bottom + 4 + height < innerHeight;
  menu.style.setProperty('left', `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`);
  menu.style.setProperty('top', `${below ? at.bottom + 4 : Math.max(8, at.top - 4 - height)}px`);
}
