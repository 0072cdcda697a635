import { bold, formatUtc, type Text } from '#core';
import type { RequestView } from '../cards/request-view.ts';
import { missingLabels } from '../missing-labels.ts';
import { comingStart } from '../starts/coming-start.ts';
import type { IncidentView } from './incident-view.ts';

const MOST = 2;

/** The runs that are to end it, the newest first: what each is, and what it waits for. */
export const proposalLines = ({ proposals }: IncidentView): Text[] =>
  [...proposals].reverse().slice(0, MOST).map(lineOf);

function lineOf(view: RequestView): Text {
  const { request } = view;
  const what = request.preview?.preview.title ?? request.command;
  const by = request.via === 'incident' ? 'Proposed' : 'Asked for';
  return [bold(by), `: ${what}, ${request.id}, ${stateOf(view)}`];
}

/** Where a request stands, in a few words: `waiting for Database Admin`, `at step 4 of 8`. */
export function stateOf({ request, run, steps, now }: Pick<RequestView, 'request' | 'run' | 'steps' | 'now'>): string {
  const startsAt = comingStart(request);
  if (startsAt) return `starts by itself at ${formatUtc(startsAt, now)} unless held, card below`;
  if (request.state === 'waiting') return `waiting for ${missingLabels(request).join(', and ')}, card below`;
  if (request.state !== 'approved') return request.state;
  if (!run) return 'starting';
  const step = run.steps.findIndex(({ state }) => state !== 'done') + 1;
  if (run.state === 'running' || run.state === 'waiting') return `at step ${Math.max(1, step)} of ${steps.length}`;
  return run.state === 'putting-back' ? 'being put back' : run.state;
}
