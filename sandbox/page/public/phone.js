import { acknowledgePage } from './api.js';
import { byId, h, replaceKeepingFocus } from './dom.js';
import { me, state } from './state.js';
import { secondsClock } from './time.js';
import { toast } from './toast.js';

const SHOWN = 5;
const WORDS = { calling: 'CALLING', acknowledged: 'acknowledged', resolved: 'resolved' };

/** What reached the chosen person besides Slack; nothing is shown as long as no phone has rung. */
export function drawPhone() {
  const mine = state.phones.filter((item) => item.person === state.as).slice(0, SHOWN);
  byId('phone-panel').hidden = state.phones.length === 0;
  byId('phone-title').textContent = `Phone of ${me()?.name ?? 'nobody'}`;
  replaceKeepingFocus(
    byId('phone'),
    mine.length === 0 ? [h('p', { class: 'muted' }, 'Has not rung.')] : mine.map(itemOf),
  );
}

/** Who is being called now. */
export const isCalled = (person) => state.phones.some((item) => item.person === person && item.state === 'calling');

function itemOf(item) {
  return h(
    'article',
    { class: 'ring', data: { state: item.state ?? 'message' } },
    h(
      'header',
      {},
      h('span', {}, `${item.how}${item.state === undefined ? '' : ` ${WORDS[item.state]}`}`),
      h('time', { class: 'muted' }, secondsClock(item.at)),
    ),
    h('p', {}, item.text),
    item.state === 'calling'
      ? h(
          'button',
          {
            type: 'button',
            class: 'button',
            'aria-label': `Acknowledge on the phone of ${me()?.name ?? ''}: ${item.text}`,
            data: { key: `ring ${item.id}` },
            onclick: (event) => acknowledge(item, event.currentTarget),
          },
          'Acknowledge',
        )
      : null,
  );
}

async function acknowledge(item, button) {
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  const outcome = await acknowledgePage(item.id);
  button.disabled = false;
  button.removeAttribute('aria-busy');
  if (outcome.ok === false) toast(outcome.said);
}
