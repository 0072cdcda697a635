import { breakThing } from './api.js';
import { byId, h, replaceKeepingFocus } from './dom.js';
import { state } from './state.js';
import { secondsClock } from './time.js';
import { toast } from './toast.js';

const count = (number) => number.toLocaleString('en-US');
const percent = (number) => `${Math.round(number)} %`;

/** What the servers say. Older than a few seconds, it says so; unreadable, it says that. */
export function drawWorld() {
  const { world, worldProblem } = state;
  byId('world-age').textContent = world === undefined ? '' : `as of ${secondsClock(world.checkedAt)}`;
  byId('world').replaceChildren(
    ...(worldProblem === undefined
      ? []
      : [h('p', { class: 'problem' }, `The servers cannot be read: ${worldProblem}`)]),
    ...(world === undefined
      ? [h('p', { class: 'muted' }, 'Reading the servers...')]
      : [...world.regions.map(regionOf), writesOf(world.writes)]),
  );
}

function regionOf(region) {
  const { app } = region;
  return h(
    'section',
    { class: 'region', data: { role: region.role } },
    h('header', {}, h('h3', {}, region.name), h('span', { class: 'role', data: { role: region.role } }, region.role)),
    h(
      'dl',
      {},
      ...(region.db.members.length === 0
        ? []
        : [h('dt', {}, 'Database'), h('dd', {}, region.db.members.map(memberOf))]),
      ...(app.replicas === 0 && app.weightPercent === 0
        ? []
        : [
            h('dt', {}, 'Service'),
            h(
              'dd',
              {},
              app.up ? `${app.ready} of ${app.replicas} up` : h('span', { class: 'down' }, 'down'),
              h('span', { class: 'muted' }, ` DNS ${percent(app.weightPercent)}`),
            ),
            h('dt', {}, 'Drivers'),
            h('dd', { class: 'traffic' }, meter(app.trafficPercent), percent(app.trafficPercent)),
          ]),
      h('dt', {}, 'Vault'),
      h(
        'dd',
        {},
        region.vault.up ? `${count(region.vault.objects)} objects` : h('span', { class: 'down' }, 'not reachable'),
      ),
    ),
  );
}

function memberOf(member) {
  return h(
    'span',
    { class: 'member', data: { state: member.state } },
    h('i', { class: 'dot', 'aria-hidden': 'true' }),
    `${member.name} ${member.state}`,
  );
}

function meter(value) {
  const bar = h('span', { class: 'meter', 'aria-hidden': 'true' }, h('i'));
  bar.firstChild.style.setProperty('width', `${Math.max(0, Math.min(100, value))}%`);
  return bar;
}

function writesOf(writes) {
  const cell = (label, value, bad) => h('div', { data: { bad } }, h('dd', {}, value), h('dt', {}, label));
  return h(
    'dl',
    { class: 'writes' },
    cell('writes', `${count(Math.round(writes.perSecond))}/s`, writes.perSecond === 0),
    cell('kept', count(writes.acknowledged), false),
    cell('failed', count(writes.failed), writes.failed > 0),
    cell('lost', count(writes.lost), writes.lost > 0),
  );
}

export function drawBreakers() {
  replaceKeepingFocus(
    byId('breakers'),
    state.setup.breakers.map((breaker) =>
      h(
        'button',
        {
          type: 'button',
          class: `breaker${breaker.mends === true ? ' mends' : ''}`,
          title: breaker.description,
          data: { key: `break ${breaker.id}` },
          onclick: (event) => run(breaker, event.currentTarget),
          onfocus: () => say(breaker.description),
          onpointerenter: () => say(breaker.description),
        },
        breaker.label,
      ),
    ),
  );
  say('Each of these hits the real servers. Holdfast is not told.');
}

const say = (text) => {
  byId('break-said').textContent = text;
};

async function run(breaker, button) {
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  say(`${breaker.label}...`);
  const outcome = await breakThing(breaker.id);
  button.disabled = false;
  button.removeAttribute('aria-busy');
  const said = outcome.said ?? `${breaker.label}: done.`;
  say(said);
  if (outcome.ok === false) toast(said);
}
