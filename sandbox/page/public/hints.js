import { byId, h } from './dom.js';
import { state } from './state.js';

const list = () => byId('hints');
const input = () => byId('composer-input');
const SHOWN = 9;

let matches = [];
let chosen = -1;

export const hintsAreOpen = () => !list().hidden;

export function hideHints() {
  list().hidden = true;
  chosen = -1;
  input().setAttribute('aria-expanded', 'false');
  input().removeAttribute('aria-activedescendant');
}

/** Commands that begin with what is typed; none once a command is complete. */
export function showHints(text, take) {
  if (!text.startsWith('/') || text.includes('\n')) return hideHints();
  const wanted = text.trimEnd().toLowerCase();
  matches = state.commands
    .filter(({ command }) => command.toLowerCase().startsWith(wanted) && command.trim() !== text.trim())
    .slice(0, SHOWN);
  if (matches.length === 0) return hideHints();
  chosen = -1;
  draw(take);
  list().hidden = false;
  input().setAttribute('aria-expanded', 'true');
  return undefined;
}

function draw(take) {
  list().replaceChildren(
    ...matches.map((hint, index) =>
      h(
        'div',
        {
          role: 'option',
          id: `hint-${index}`,
          'aria-selected': String(index === chosen),
          onpointerdown: (event) => {
            event.preventDefault();
            chosen = index;
            takeHint(take);
          },
        },
        h('span', { class: 'usage' }, hint.usage),
        h('span', { class: 'muted' }, hint.summary),
      ),
    ),
  );
}

export function moveHint(step) {
  chosen = (chosen + step + matches.length) % matches.length;
  for (const [index, option] of [...list().children].entries())
    option.setAttribute('aria-selected', String(index === chosen));
  input().setAttribute('aria-activedescendant', `hint-${chosen}`);
  list().children[chosen].scrollIntoView({ block: 'nearest' });
}

/** Puts the chosen command into the composer. @returns false when none is chosen. */
export function takeHint(take) {
  const hint = matches[chosen];
  if (hint === undefined) return false;
  hideHints();
  take(`${hint.command} `.replace(/ +$/, ' '));
  return true;
}
