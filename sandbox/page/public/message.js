import { act } from './api.js';
import { blocksOf } from './blocks.js';
import { askText } from './confirm.js';
import { h } from './dom.js';
import { openMenu } from './menu.js';
import { mrkdwn, stateOf } from './mrkdwn.js';
import { nameOf, repliesTo, state } from './state.js';
import { threadOf } from './thread.js';
import { fullTime, messageTime } from './time.js';
import { sayFailure } from './toast.js';

/** What somebody chose in a message's menus and has not sent, by message. */
const fieldsByMessage = new Map();

export const itemKey = (item) => `${item.ephemeral === true ? 'e' : 'm'} ${item.channel} ${item.ts}`;

/** The first words of a message, which carry its state. */
export const headline = (message) =>
  message.blocks?.find((block) => block.type === 'section' || block.type === 'header')?.text?.text ?? message.text;

export const hasButtons = (message) => (message.blocks ?? []).some((block) => block.type === 'actions');

function surfaceOf(item) {
  const key = itemKey(item);
  if (!fieldsByMessage.has(key)) fieldsByMessage.set(key, {});
  const fields = fieldsByMessage.get(key);
  return {
    prefix: key,
    fields,
    send: async (actionId, value) => {
      const given = value === undefined ? {} : { value };
      sayFailure(await act({ kind: 'click', channel: item.channel, ts: item.ts, actionId, fields, ...given }));
    },
  };
}

/** One message, or one thing only this person sees, with its thread when it is open. */
export function messageOf(item, { reply = false } = {}) {
  const fromApp = item.ephemeral === true ? item.from === 'app' : item.bot_id !== undefined;
  const author =
    item.ephemeral === true && item.from === 'slackbot' ? 'Slackbot' : nameOf(fromApp ? state.setup.bot : item.user);
  const card = fromApp && item.blocks !== undefined ? stateOf(headline(item)) : undefined;
  return h(
    'article',
    {
      class: `message${item.ephemeral === true ? ' only-you' : ''}${reply ? ' reply' : ''}`,
      tabindex: '-1',
      'aria-label': `${author}, ${messageTime(item.ts)}${item.ephemeral === true ? ', only visible to you' : ''}`,
      data: { item: itemKey(item), ts: item.ts, key: itemKey(item), ...(card === undefined ? {} : { card }) },
    },
    avatarOf(author, fromApp || author === 'Slackbot'),
    h(
      'div',
      { class: 'message-body' },
      item.ephemeral === true ? h('p', { class: 'only-you-note' }, 'Only visible to you') : null,
      headOf(item, author, fromApp),
      contentOf(item),
      reactionsOf(item),
      reply || item.ephemeral === true
        ? null
        : threadOf(item, repliesTo(item.channel, item.ts), (one) => messageOf(one, { reply: true })),
    ),
  );
}

export function avatarOf(name, app = false) {
  const initials = name
    .split(' ')
    .map((word) => word[0])
    .join('')
    .slice(0, 2)
    .toUpperCase();
  const avatar = h('span', { class: `avatar${app ? ' app' : ''}`, 'aria-hidden': 'true' }, app ? name[0] : initials);
  const hue = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0) * 37, 0) % 360;
  avatar.style.setProperty('--hue', String(hue));
  return avatar;
}

function headOf(item, author, fromApp) {
  return h(
    'header',
    { class: 'message-head' },
    h('strong', {}, author),
    fromApp ? h('span', { class: 'badge' }, 'APP') : null,
    h(
      'time',
      { title: fullTime(item.ts), datetime: new Date(Number(item.ts) * 1000).toISOString() },
      messageTime(item.ts),
    ),
    item.pinned === true ? h('span', { class: 'badge' }, 'pinned') : null,
    item.subtype === 'thread_broadcast' ? h('span', { class: 'muted' }, 'also sent to the channel') : null,
    menuButton(item),
  );
}

function contentOf(item) {
  const edited =
    item.edited === undefined || item.bot_id !== undefined ? null : h('span', { class: 'muted' }, ' (edited)');
  if (item.blocks !== undefined && item.blocks.length > 0) {
    return h('div', { class: 'blocks' }, blocksOf(item.blocks, surfaceOf(item)));
  }
  return h('div', { class: 'text' }, mrkdwn(item.text), edited);
}

function reactionsOf(item) {
  if (item.reactions === undefined || item.reactions.length === 0) return null;
  return h(
    'ul',
    { class: 'reactions' },
    item.reactions.map(({ name, users }) =>
      h('li', { title: users.map(nameOf).join(', ') }, `:${name}: ${users.length}`),
    ),
  );
}

function menuButton(item) {
  const options =
    item.ephemeral === true
      ? [{ value: 'dismiss', label: 'Dismiss' }]
      : [{ value: 'react', label: 'React with :eyes:' }];
  if (item.user === state.as) options.push({ value: 'edit', label: 'Edit...' }, { value: 'delete', label: 'Delete' });
  return h(
    'button',
    {
      type: 'button',
      class: 'message-menu',
      'aria-label': 'Message actions',
      'aria-haspopup': 'menu',
      data: { key: `${itemKey(item)}/menu` },
      onclick: (event) => openMenu(event.currentTarget, options, (value) => choose(item, value)),
    },
    '\u2026',
  );
}

async function choose(item, value) {
  const { channel, ts } = item;
  if (value === 'dismiss') sayFailure(await act({ kind: 'dismiss', ts }));
  if (value === 'react') sayFailure(await act({ kind: 'react', channel, ts, name: 'eyes' }));
  if (value === 'delete') sayFailure(await act({ kind: 'delete', channel, ts }));
  if (value !== 'edit') return;
  const text = await askText('Edit message', item.text);
  if (text !== undefined && text.trim() !== '') sayFailure(await act({ kind: 'edit', channel, ts, text }));
}
