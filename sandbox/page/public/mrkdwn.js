import { h } from './dom.js';
import { nameOf, state } from './state.js';
import { dateToken } from './time.js';

/** The words a state is said in. The word carries it; the colour only repeats it. */
const STATES = {
  needed: ['APPROVAL NEEDED', 'NEEDED', 'LATE', 'CANNOT SEE ALL'],
  running: ['RUNNING', 'APPROVED', 'RESTORE BESIDE', 'NOW'],
  held: ['HELD', 'SLOW'],
  good: ['DONE', 'RESOLVED', 'ALL GOOD', 'STOPPED'],
  bad: ['FAILED', 'CANNOT START', 'DAMAGED', 'SEV-1', 'SEV-2'],
  over: ['DENIED', 'EXPIRED', 'VOID', 'CANCELLED', 'SEV-3'],
};
const LEADING_STATE = new RegExp(`^(${Object.values(STATES).flat().join('|')})\\b`);

/** The state a message's first words say, as one of `needed running held good bad over`. */
export function stateOf(text) {
  const word = LEADING_STATE.exec(text.replace(/^[*_\s]+/, ''))?.[1];
  return Object.keys(STATES).find((name) => STATES[name].includes(word));
}

export const stateWord = (text) => LEADING_STATE.exec(text.replace(/^[*_\s]+/, ''))?.[1];

const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
export const unescapeText = (text) => text.replaceAll(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);

/** A link is shown with its address in the title; only web addresses are links at all. */
function link(url, label) {
  if (!/^https?:\/\//.test(url) && !url.startsWith('mailto:')) return unescapeText(label ?? url);
  return h('a', { href: url, title: url, target: '_blank', rel: 'noopener noreferrer' }, unescapeText(label ?? url));
}

function angle(inner) {
  const [body, label] = splitLabel(inner);
  if (body.startsWith('@'))
    return h('span', { class: 'mention', data: { me: body.slice(1) === state.as } }, `@${nameOf(body.slice(1))}`);
  if (body.startsWith('#'))
    return h('span', { class: 'mention' }, `#${state.channels.get(body.slice(1))?.name ?? label ?? body.slice(1)}`);
  if (body.startsWith('!date^')) {
    const [, seconds, format, url] = body.split('^');
    const shown = dateToken(seconds, format ?? '', unescapeText(label ?? ''));
    const time = h(
      'time',
      { datetime: new Date(Number(seconds) * 1000).toISOString(), title: unescapeText(label ?? '') },
      shown,
    );
    return url === undefined ? time : link(url, shown);
  }
  if (/^!(here|channel|everyone)$/.test(body)) return h('span', { class: 'mention loud' }, `@${body.slice(1)}`);
  if (body.startsWith('!')) return unescapeText(label ?? body);
  return link(body, label);
}

function splitLabel(inner) {
  const bar = inner.indexOf('|');
  return bar < 0 ? [inner, undefined] : [inner.slice(0, bar), inner.slice(bar + 1)];
}

/** Angled parts first; inside bold, italic and struck text they may hold the marks themselves. */
const INLINE =
  /<([^<>\n]+)>|`([^`\n]+)`|(?<![\w*])\*(?=\S)((?:<[^>]*>|[^*\n])+?)(?<=\S)\*(?![\w*])|(?<![\w_])_(?=\S)((?:<[^>]*>|[^_\n])+?)(?<=\S)_(?![\w_])|(?<![\w~])~(?=\S)((?:<[^>]*>|[^~\n])+?)(?<=\S)~(?![\w~])/g;

/** One line of mrkdwn as nodes. */
function inline(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(unescapeText(text.slice(from, match.index)));
    from = match.index + match[0].length;
    const [, angled, code, bold, italic, struck] = match;
    if (angled !== undefined) nodes.push(angle(angled));
    else if (code !== undefined) nodes.push(h('code', {}, unescapeText(code)));
    else if (bold !== undefined) nodes.push(strong(bold));
    else if (italic !== undefined) nodes.push(h('em', {}, inline(italic)));
    else nodes.push(h('s', {}, inline(struck)));
  }
  nodes.push(unescapeText(text.slice(from)));
  return nodes.filter((node) => node !== '');
}

/** Bold that begins with a state word shows that word as a state. */
function strong(text) {
  const word = stateWord(text);
  if (word === undefined) return h('strong', {}, inline(text));
  return h(
    'strong',
    {},
    h('span', { class: 'state', data: { state: stateOf(text) } }, word),
    inline(text.slice(word.length)),
  );
}

/** mrkdwn as nodes: code blocks, quotes, lines. */
export function mrkdwn(text) {
  return text.split(/```\n?/).flatMap((part, index) => {
    if (index % 2 === 1) return [h('pre', { tabindex: '0' }, unescapeText(part.replace(/\n$/, '')))];
    return lines(part.replace(/^\n/, ''));
  });
}

function lines(text) {
  if (text === '') return [];
  const nodes = [];
  let quote;
  text.split('\n').forEach((line, index, all) => {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quoted !== null) {
      quote ??= nodes[nodes.push(h('blockquote')) - 1];
      quote.append(...inline(quoted[1]), '\n');
      return;
    }
    quote = undefined;
    nodes.push(...inline(line));
    if (index < all.length - 1) nodes.push('\n');
  });
  return nodes;
}

/** A text object of Block Kit. */
export const textObject = (object) => (object.type === 'mrkdwn' ? mrkdwn(object.text) : [object.text]);
