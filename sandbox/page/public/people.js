import { act } from './api.js';
import { byId, h, replaceKeepingFocus } from './dom.js';
import { avatarOf } from './message.js';
import { isCalled } from './phone.js';
import { me, state, unseen } from './state.js';
import { clockOf } from './time.js';
import { sayFailure } from './toast.js';

const ZONES = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'UTC',
  'Europe/London',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Asia/Tokyo',
  'Australia/Sydney',
];

const become = (id) => document.dispatchEvent(new CustomEvent('become', { detail: id }));
const goTo = (channel) => document.dispatchEvent(new CustomEvent('go-to', { detail: channel }));
export const zoneName = (zone) => zone.split('/').at(-1).replaceAll('_', ' ');

/** The people one can be; those a card waits for carry a mark. */
export function drawPeople() {
  const awaited = new Set(state.waiting.flatMap((card) => card.roles.flat()));
  replaceKeepingFocus(
    byId('people'),
    [...state.people.values()].map((person) =>
      h(
        'label',
        { class: 'person', data: { chosen: person.id === state.as, person: person.id } },
        h('input', {
          type: 'radio',
          name: 'person',
          value: person.id,
          checked: person.id === state.as,
          data: { key: `person ${person.id}` },
          onchange: () => become(person.id),
        }),
        avatarOf(person.name),
        h(
          'span',
          { class: 'person-text' },
          h(
            'span',
            { class: 'person-name' },
            person.name,
            awaited.has(person.id)
              ? h('span', { class: 'awaited', title: 'A card waits for this person' }, 'asked')
              : null,
            isCalled(person.id) ? h('span', { class: 'awaited', title: 'This phone rings' }, 'paged') : null,
          ),
          h('span', { class: 'person-role' }, person.roleLabel === '' ? 'no role' : person.roleLabel),
        ),
      ),
    ),
  );
  drawZone();
  drawMe();
}

function drawZone() {
  // An open list would snap shut under the pointer.
  if (document.activeElement === byId('zone') && byId('zone').value === me()?.timeZone) return;
  const mine = me()?.timeZone ?? 'UTC';
  const zones = ZONES.includes(mine) ? ZONES : [mine, ...ZONES];
  byId('zone').replaceChildren(
    ...zones.map((zone) => h('option', { value: zone, selected: zone === mine }, `${zoneName(zone)} ${clockOf(zone)}`)),
  );
}

/** On a phone the tab says who one is. */
function drawMe() {
  const tab = document.querySelector('.tabs [data-to=people] span');
  if (tab !== null) tab.textContent = me()?.name ?? 'People';
}

/** Channels, then the direct messages of the chosen person. */
export function drawPlaces() {
  const channels = [...state.channels.values()];
  const named = (channel) => (channel.kind === 'im' ? state.setup.botName : `#${channel.name}`);
  replaceKeepingFocus(
    byId('places'),
    channels
      .toSorted((left, right) => Number(left.kind === 'im') - Number(right.kind === 'im'))
      .map((channel) => {
        const count = channel.id === state.place ? 0 : unseen(channel.id);
        return h(
          'button',
          {
            type: 'button',
            class: 'place',
            'aria-current': channel.id === state.place ? 'page' : null,
            data: { key: `place ${channel.id}` },
            onclick: () => goTo(channel.id),
          },
          h('span', {}, named(channel), channel.kind === 'im' ? h('span', { class: 'muted' }, ' direct') : null),
          count === 0 ? null : h('span', { class: 'count', 'aria-label': `${count} new` }, String(count)),
        );
      }),
  );
}

export function startPeople() {
  byId('zone').addEventListener('change', async (event) => {
    sayFailure(await act({ kind: 'zone', timeZone: event.target.value }));
  });
}
