import { at, bold, formatDuration, lower, mention, outside, say, type Text } from '#core';
import type { Card, CardPart } from '#ports';
import type { RunRecord, StepRecord } from '#workflow';
import { buttons, card, lines, small, title } from './parts.ts';
import { detailsButton, elapsedMs, goOnButton, holdButton, stopButton } from './request-buttons.ts';
import type { RequestView } from './request-view.ts';

/** A run under way: the step it is at, the time it took and will take, what users notice now. */
export function runningCard(view: RequestView): Card {
  const { request, run, steps, now } = view;
  const what = request.preview?.preview.title ?? request.command;
  const current = currentStep(view);
  const words = steps[current]?.todo ?? '';
  const back = run?.state === 'putting-back';
  const headline = back ? 'PUTTING BACK' : 'RUNNING';
  const where = back ? what : `step ${current + 1} of ${steps.length}: ${lower(words)}`;
  return card(`${headline}: ${what} (${request.id}), ${where}.`, [
    lines(title(headline, where, request.id), [what], timeLine(view)),
    timeBar(view),
    view.nowLine ? [lines(view.nowLine)] : [],
    lines(...stepLines(view)),
    lines([reversibleLine(view)]),
    buttons(back ? [] : [holdButton(view), ...(isReversible(view) ? [stopButton(view)] : [])], [detailsButton(view)]),
    small(...approvedBy(view), 'Updated ', at(now), `. If this is over 1 min old: terminal, dr show ${request.id}`),
  ]);
}

export function heldCard(view: RequestView): Card {
  const { request, run, steps, now } = view;
  const hold = run?.hold;
  const done = run?.steps.filter(({ state }) => state === 'done').length ?? 0;
  const what = request.preview?.preview.title ?? request.command;
  return card(`HELD after step ${done} of ${steps.length}: ${what} (${request.id}).`, [
    lines(
      title('HELD', `after step ${done} of ${steps.length}, ${what}`, request.id),
      ...(hold ? [heldLine(hold, done + 1)] : []),
      ...(view.stay
        ? [[`Safe to stay here: ${view.stay === 'safe' ? 'yes' : `no, ${view.stay.not}`}.`] satisfies Text]
        : []),
    ),
    view.nowLine ? [lines(view.nowLine)] : [],
    lines(...stepLines(view)),
    lines([reversibleLine(view)]),
    buttons([goOnButton(view), ...(isReversible(view) ? [stopButton(view)] : []), detailsButton(view)]),
    small(hold ? `Held for ${formatDuration(now.getTime() - hold.at.getTime())}. ` : '', 'Updated ', at(now)),
  ]);
}

function heldLine({ by, at: since, reason, point }: NonNullable<RunRecord['hold']>, step: number): Text {
  const why: Text = reason ? [': ', outside(reason)] : [];
  return point
    ? say`By itself ${at(since)}, at its hold point before step ${step}, asked for by ${mention(by)}${why}`
    : say`By ${mention(by)} ${at(since)}${why}`;
}

const currentStep = ({ run }: RequestView): number => {
  const index = run?.steps.findIndex(({ state }) => state !== 'done') ?? 0;
  return index === -1 ? (run?.steps.length ?? 1) - 1 : index;
};

function timeLine(view: RequestView): Text {
  const left = leftMs(view);
  const gone = `${formatDuration(elapsedMs(view))} gone`;
  return [left === undefined ? gone : `${gone}, about ${formatDuration(left)} left`];
}

/** By the usual times of the steps still to come; undefined when this never ran here. */
function leftMs({ run, history, now }: RequestView): number | undefined {
  if (!run || history.runs === 0) return undefined;
  return run.steps.reduce((sum, step) => {
    const usual = history.steps.get(step.name)?.usualMs ?? 0;
    if (step.state === 'done') return sum;
    const gone = step.state === 'started' && step.startedAt ? now.getTime() - step.startedAt.getTime() : 0;
    return sum + Math.max(0, usual - gone);
  }, 0);
}

/** The bar shows time where it is known, never full while work goes on. */
function timeBar(view: RequestView): CardPart[] {
  const left = leftMs(view);
  const share = view.run?.steps[currentStep(view)]?.progress?.share;
  if (left !== undefined && left > 0) {
    const gone = elapsedMs(view);
    return [{ kind: 'bar', share: Math.min(0.97, gone / (gone + left)) }];
  }
  return share === undefined ? [] : [{ kind: 'bar', share: Math.min(0.97, share) }];
}

/** After these nothing comes next by itself. */
const OVER = ['stopped', 'refused'];

export function stepLines(view: RequestView): Text[] {
  return view.steps.map((words, index) => {
    const step = view.run?.steps[index];
    const usual = view.history.steps.get(step?.name ?? '');
    const number = String(index + 1);
    switch (step?.state) {
      case 'done':
        return [
          `${number} done   ${words.done}${step.tookMs === undefined ? '' : `   ${formatDuration(step.tookMs)}`}`,
        ];
      case 'started':
        return nowLine(number, words.todo, step, usual, view.now);
      case 'failed':
        return [bold(`${number} FAILED   ${lower(words.todo)}`)];
      case 'undoing':
        return [bold(`${number} PUTTING BACK   ${lower(words.todo)}`), ...progressOf(step)];
      case 'undone':
        return [`${number} put back   ${lower(words.todo)}`];
      default:
        if (view.run && OVER.includes(view.run.state)) return [`${number} not begun   ${lower(words.todo)}`];
        return [
          `${number} next   ${lower(words.todo)}${usual ? `   about ${formatDuration(usual.usualMs)}` : ''}`,
          ...(view.holdsBefore.includes(index + 1) ? ['   ', bold('HOLDS BEFORE IT')] : []),
        ];
    }
  });
}

/** A step that takes over twice its usual time says so: whoever waits must know that it is not meant to be like this. */
function nowLine(
  number: string,
  todo: string,
  step: StepRecord,
  usual: { usualMs: number; worstMs: number } | undefined,
  now: Date,
): Text {
  const goneMs = step.startedAt ? now.getTime() - step.startedAt.getTime() : 0;
  const slow = usual && goneMs > 2 * usual.usualMs && goneMs > 2_000;
  const times = usual
    ? slow
      ? ` (usual ${formatDuration(usual.usualMs)}, worst ${formatDuration(usual.worstMs)})`
      : ` of about ${formatDuration(usual.usualMs)}`
    : '';
  const head = bold(`${number} ${slow ? 'SLOW' : 'NOW'}   ${lower(todo)}`);
  return [head, `   ${formatDuration(goneMs)}${times}`, ...progressOf(step)];
}

const progressOf = ({ progress }: StepRecord): Text => (progress ? ['\n', ...progress.text] : []);

const isReversible = (view: RequestView): boolean =>
  view.forwardFrom === undefined || currentStep(view) + 1 <= view.forwardFrom;

function reversibleLine(view: RequestView): string {
  if (view.run?.state === 'putting-back') return 'It is being put back; nothing is asked of you.';
  if (view.forwardFrom === undefined) return 'Can be stopped at any time.';
  return isReversible(view)
    ? `Can still be put back until step ${view.forwardFrom}.`
    : 'From here on it only goes forward.';
}

export function approvedBy({ request, slots, run }: RequestView): Text {
  const { unheld } = request.starts ?? {};
  if (unheld) return say`Held by nobody until ${at(unheld.startsAt)}, ${unheld.told.length} people told. `;
  const people = slots.flatMap(({ given }) => (given ? [given.person] : []));
  if (people.length === 0) return run?.startedAt ? say`Started ${at(run.startedAt)}. ` : [];
  const names = people.flatMap((person, index) => (index === 0 ? [mention(person)] : [', ', mention(person)]));
  return request.decidedAt ? say`Approved by ${names} ${at(request.decidedAt)}. ` : say`Approved by ${names}. `;
}
