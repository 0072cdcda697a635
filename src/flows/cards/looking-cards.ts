import type { Asked } from '#chatops';
import { at, bold, say, shortHash, type Text } from '#core';
import type { Card } from '#ports';
import { type ThreadId, type TimelineEntry, verifyTimeline } from '#record';
import type { Flow } from '../flow.ts';
import { viewOf } from '../view-of.ts';
import { factLines, limitLine } from './fact-lines.ts';
import { buttons, card, lines, section, small } from './parts.ts';
import { detailsButton } from './request-buttons.ts';
import type { RequestView } from './request-view.ts';
import { startLines } from './start-lines.ts';

/** `/dr approvals`: what waits, for whom, until when; first what the asker can press. */
export async function approvalsCard<World>(asked: Asked, flow: Flow<World>): Promise<Card> {
  const waiting = await flow.requests.find({
    where: { state: 'waiting' },
    sort: { by: 'askedAt', order: 'ascending' },
    limit: 20,
  });
  const views = (await Promise.all(waiting.map(({ value }) => viewOf(value.id, flow)))).flatMap((view) => view ?? []);
  if (views.length === 0) return card('Nothing waits for approval.', [lines(['Nothing waits for approval.'])]);
  const mine = (view: RequestView): boolean =>
    view.slots.some(({ given, eligible }) => !given && asked.person !== undefined && eligible.includes(asked.person));
  const sorted = [...views].sort((a, b) => Number(mine(b)) - Number(mine(a)));
  return card(
    `${views.length} waiting for approval.`,
    sorted.map((view) => [lines(...waitingLines(view, mine(view))), ...buttons([detailsButton(view)])]),
  );
}

function waitingLines(view: RequestView, mine: boolean): Text[] {
  const { request, slots } = view;
  const missing = slots.filter(({ given }) => !given).map(({ label }) => label);
  const until = request.expiresAt ? say`Open until ${at(request.expiresAt)}. ` : [];
  return [
    [bold(request.preview?.preview.title ?? request.command), `   ${request.id}`],
    ...startLines(view),
    [...until, `Waits for ${missing.join(', and ')}.`, mine ? ' You may approve.' : ''],
  ];
}

const ENTRIES_SHOWN = 25;

/** `/dr timeline [R-42]`: the newest entries, oldest of them first. */
export async function timelineCard<World>(of: ThreadId | undefined, flow: Flow<World>): Promise<Card> {
  const head = await flow.timeline.head();
  const after = of ? 0 : Math.max(0, (head?.sequence ?? 0) - ENTRIES_SHOWN);
  const entries = await flow.timeline.read({ ...(of ? { thread: of } : {}), after, limit: of ? 500 : ENTRIES_SHOWN });
  const what = of ?? 'The record';
  if (entries.length === 0) return card(`${what} has no entries.`, [lines([`${what} has no entries yet.`])]);
  const shown = entries.slice(-ENTRIES_SHOWN);
  const first = shown[0];
  const last = shown.at(-1);
  return card(`${what}: ${entries.length} entries.`, [
    lines([bold(`${what}, ${entries.length} entries`)], ...shown.map(entryLine)),
    small(
      `Entries ${first?.sequence} to ${last?.sequence}, hash ${last ? shortHash(last.hash) : ''}. Whole? /dr timeline verify`,
    ),
  ]);
}

/** With its number, by which a restore can be asked for: `--to "before #128"`. */
const entryLine = ({ sequence, at: time, text }: TimelineEntry): Text => [`#${sequence}  `, at(time), '  ', ...text];

/** `/dr timeline verify`: recomputes the whole chain. */
export async function verifyCard<World>(flow: Flow<World>): Promise<Card> {
  const verdict = await verifyTimeline(flow.store);
  if (verdict.whole) {
    const checked = verdict.anchorsChecked > 0 ? ` Compared with ${verdict.anchorsChecked} anchors in the vault.` : '';
    return card('The record is whole.', [
      lines([
        bold('WHOLE'),
        ` - ${verdict.entries} entries, each bound to the one before, hash ${shortHash(verdict.head)}.${checked}`,
      ]),
    ]);
  }
  return card(`The record is broken at entry ${verdict.sequence}.`, [
    lines(
      [bold('BROKEN'), ` at entry ${verdict.sequence}: ${verdict.reason}`],
      ['Entries before it are proved; those after it are not. Somebody changed the control store by hand.'],
      ['Next: tell the Security Lead, and compare with the anchors in the vault.'],
    ),
  ]);
}

/** Everything that was hashed, and nothing that was not: what `[Details]` opens. */
export function detailsCard(view: RequestView): Card {
  const { request, steps, history, run } = view;
  const stored = request.preview;
  if (!stored) return card(`${request.id} has no preview.`, [lines([`${request.id} has no preview.`])]);
  const { preview, hash, planHash } = stored;
  const times = steps.map((words, index) => {
    const seen = history.steps.get(run?.steps[index]?.name ?? stepName(preview.facts, index));
    return [
      `${index + 1} ${words.todo}${seen ? `   usual ${Math.round(seen.usualMs / 1000)} s, worst ${Math.round(seen.worstMs / 1000)} s` : ''}`,
    ];
  });
  const facts = Object.entries(preview.facts).flatMap(([key, value]) => factLines(key, value).map((line) => [line]));
  const limits = Object.entries(preview.limits).map(([key, value]) => [limitLine(key, value)]);
  return card(`${request.id} in full`, [
    lines([bold(`${request.id} in full`), `   preview ${shortHash(hash)}`]),
    section({
      heading: history.runs > 0 ? `Steps (last ${history.runs} runs)` : 'Steps (never run here: no times yet)',
      lines: times,
    }),
    preview.details.map(section),
    section({ heading: 'Approved, compared exactly', lines: facts }),
    section({ heading: 'Approved as upper limits', lines: limits }),
    small(`Plan ${shortHash(planHash)}. Void if a fact changes or a live figure passes its limit.`),
  ]);
}

const stepName = (facts: Readonly<Record<string, unknown>>, index: number): string => {
  const steps = facts['steps'];
  return Array.isArray(steps) ? String(steps[index] ?? '') : '';
};
