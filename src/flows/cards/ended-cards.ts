import { at, bold, capital, formatDuration, mention, outside, say, type Text } from '#core';
import type { Card } from '#ports';
import { askedBy } from './asking-card.ts';
import { approvedBy, stepLines } from './moving-cards.ts';
import { buttons, card, lines, section, small, title } from './parts.ts';
import {
  askAgainButton,
  detailsButton,
  elapsedMs,
  nextButton,
  receiptButton,
  recordButton,
  tryAgainButton,
} from './request-buttons.ts';
import type { RequestView } from './request-view.ts';
import { voidedCause } from './voided-words.ts';

const NOTHING = 'Nothing was changed.';

/** A request that ended without a run: DENIED, EXPIRED, CANCELLED or VOID. No buttons but the way to ask again. */
export function closedCard(view: RequestView, state: 'DENIED' | 'EXPIRED' | 'CANCELLED' | 'VOID'): Card {
  const { request, slots } = view;
  const what = request.preview?.preview.title ?? request.command;
  const by = request.decidedBy ? say` by ${mention(request.decidedBy)}` : [];
  const when = request.decidedAt ? [at(request.decidedAt)] : [];
  const why = request.decisionReason ? [': ', outside(request.decisionReason)] : [];
  const missing = slots.filter(({ given }) => !given).map(({ label }) => label);
  const silent = state === 'EXPIRED' ? [`${missing.join(' and ')} did not answer. `] : [];
  const voided = state === 'VOID' ? [[`${voidedCause(request.voided?.rows ?? [])}. A new card asks again.`]] : [];
  const after = request.decisionReason?.includes(NOTHING) ? [] : [...voided, [...silent, NOTHING]];
  return card(`${state}: ${what} (${request.id}). ${NOTHING}`, [
    lines(title(state, what, request.id), [...when, ...by, ...why], ...after, askedBy(view)),
    request.decisionHint ? [lines([bold('Next'), `: ${request.decisionHint}`])] : [],
    buttons(state === 'CANCELLED' ? [] : [askAgainButton(view)]),
  ]);
}

/** A run that was refused before its first step: something changed since it was asked for. */
export function refusedCard(view: RequestView): Card {
  const { request, run } = view;
  const what = request.preview?.preview.title ?? request.command;
  return card(`REFUSED before it started: ${what} (${request.id}). ${NOTHING}`, [
    lines(title('REFUSED', what, request.id), [run?.failure?.message ?? ''], [NOTHING], askedBy(view)),
    run?.failure?.hint ? [lines([bold('Next'), `: ${run.failure.hint}`])] : [],
    buttons([askAgainButton(view), recordButton(view)]),
  ]);
}

export function failedCard(view: RequestView): Card {
  const { request, run, steps } = view;
  const what = request.preview?.preview.title ?? request.command;
  const index = run?.steps.findIndex(({ state }) => state === 'failed' || state === 'undoing') ?? -1;
  const step = index + 1;
  const where = index === -1 ? what : `step ${step} of ${steps.length}: ${steps[index]?.todo.toLowerCase() ?? ''}`;
  const done = run?.steps.filter(({ state }) => state === 'done').length ?? 0;
  const after = run?.putBack
    ? 'Everything was put back.'
    : `${done} of ${steps.length} steps are done and stay so. Not done: ${run?.steps.filter(({ state }) => state !== 'done').length ?? 0}.`;
  return card(`FAILED at ${where} (${request.id}). ${after}`, [
    lines(title('FAILED', where, request.id), [what], [`Cause: ${run?.failure?.message ?? 'unknown'}`]),
    view.nowLine ? [lines([bold('Now'), ': ', ...view.nowLine])] : [],
    lines([after], ...stepLines(view)),
    lines([
      bold('Next'),
      `: ${run?.failure?.hint ?? (run?.putBack ? 'look at the record, then ask again.' : `mend the cause, then try step ${step} again.`)}`,
    ]),
    buttons(
      run?.putBack
        ? [askAgainButton(view), recordButton(view), detailsButton(view)]
        : [tryAgainButton(step)(view), recordButton(view), detailsButton(view)],
    ),
    small(...approvedBy(view)),
  ]);
}

export function stoppedCard(view: RequestView): Card {
  const { request, run } = view;
  const what = request.preview?.preview.title ?? request.command;
  return card(`STOPPED and put back: ${what} (${request.id}).`, [
    lines(
      title('STOPPED', `${what}, put back`, request.id),
      run?.stop ? say`Stopped by ${mention(run.stop.by)} ${at(run.stop.at)}.` : [],
      ['Everything is as before it started.'],
    ),
    lines(...stepLines(view)),
    buttons([askAgainButton(view), recordButton(view)]),
  ]);
}

export function doneCard(view: RequestView): Card {
  const { request, run, receipt } = view;
  const headline = receipt?.headline ?? request.preview?.preview.title ?? request.command;
  const took = formatDuration(elapsedMs(view));
  const cost = receipt?.cost === undefined ? '' : `${receipt.cost} `;
  return card(`DONE: ${headline} (${request.id}). ${cost}${took}.`, [
    lines(title('DONE', headline, request.id), period(view)),
    (receipt?.sections ?? []).map(section),
    view.phases.length > 0 ? [section({ heading: 'How long it took', lines: [...view.phases] })] : [],
    view.settling.length > 0 ? [lines(...view.settling)] : [],
    buttons([
      ...(receipt?.next === undefined ? [] : [nextButton(receipt.next.label)(view)]),
      ...(receipt?.inFull === undefined ? [] : [receiptButton(view)]),
      recordButton(view),
      detailsButton(view),
    ]),
    small(...askedBy(view), '. ', ...approvedBy(view), run ? `Record ${run.id}.` : ''),
  ]);
}

function period({ request, run }: RequestView): Text {
  const what = request.preview?.preview.title ?? request.command;
  const words = capital(what);
  return run?.startedAt && run.endedAt ? say`${words}, ${at(run.startedAt)} to ${at(run.endedAt)}` : [words];
}
