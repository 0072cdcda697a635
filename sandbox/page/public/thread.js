import { act } from './api.js';
import { h } from './dom.js';
import { messageKey, state } from './state.js';
import { messageTime } from './time.js';
import { sayFailure } from './toast.js';

const JOINED_SECONDS = 300;

/** What is typed into a thread and not sent, by root: a redraw must not lose it. */
const drafts = new Map();

/** The thread under a root: a line that opens it in place, and its replies (by `draw`) when it is open. */
export function threadOf(root, replies, draw) {
  const key = messageKey(root);
  const open = state.openThreads.has(key);
  const last = replies.at(-1);
  const words = replies.length === 0 ? 'Reply' : `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`;
  const toggle = h(
    'button',
    {
      type: 'button',
      class: 'thread-toggle',
      'aria-expanded': String(open),
      data: { key: `thread ${key}`, empty: replies.length === 0 },
      onclick: () => {
        if (open) state.openThreads.delete(key);
        else state.openThreads.add(key);
        document.dispatchEvent(new CustomEvent('redraw-item', { detail: { message: root, focusThread: !open } }));
      },
    },
    h('span', {}, open ? 'Close thread' : words),
    open || last === undefined ? null : h('span', { class: 'muted' }, `last ${messageTime(last.ts)}`),
  );
  if (!open) return toggle;
  return [
    h(
      'div',
      { class: 'thread', role: 'group', 'aria-label': 'Thread' },
      replies.map((reply, index) => joined(draw(reply), reply, replies[index - 1])),
      replyForm(root, key),
    ),
    toggle,
  ];
}

/** The same voice within minutes goes on without its name again. */
function joined(node, reply, before) {
  const same = before !== undefined && before.user === reply.user && before.ephemeral === reply.ephemeral;
  if (same && reply.ephemeral !== true && Number(reply.ts) - Number(before.ts) < JOINED_SECONDS)
    node.classList.add('joined');
  return node;
}

function replyForm(root, key) {
  const input = h('input', {
    class: 'text-input',
    type: 'text',
    'aria-label': 'Reply in thread',
    placeholder: 'Reply, or @Holdfast status',
    data: { key: `reply ${key}` },
    oninput: (event) => drafts.set(key, event.target.value),
  });
  input.value = drafts.get(key) ?? '';
  return h(
    'form',
    {
      class: 'reply-form',
      onsubmit: async (event) => {
        event.preventDefault();
        const text = input.value.trim();
        if (text === '') return;
        drafts.delete(key);
        input.value = '';
        sayFailure(await act({ kind: 'say', channel: root.channel, thread: root.ts, text }));
      },
    },
    input,
    h('button', { type: 'submit', class: 'button', data: { key: `reply-send ${key}` } }, 'Send'),
  );
}
