import { bold, type Text } from '#core';
import type { RequestView } from '../cards/request-view.ts';
import { missingLabels } from '../missing-labels.ts';
import type { IncidentView } from './incident-view.ts';

const MOST = 2;

/** The runs that are to end it, the newest first: what each is, and what it waits for. */
export const proposalLines = ({ proposals }: IncidentView): Text[] =>
  [...proposals].reverse().slice(0, MOST).map(lineOf);

function lineOf({ request, run, steps }: RequestView): Text {
  const what = request.preview?.preview.title ?? request.command;
  const by = request.via === 'incident' ? 'Proposed' : 'Asked for';
  return [bold(by), `: ${what}, ${request.id}, ${stateOf({ request, run, steps })}`];
}

/** Where a request stands, in a few words: `waiting for Database Admin`, `at step 4 of 8`. */
export function stateOf({ request, run, steps }: Pick<RequestView, 'request' | 'run' | 'steps'>): string {
  if (request.state === 'waiting') return `waiting for ${missingLabels(request).join(', and ')}, card below`;
  if (request.state !== 'approved') return request.state;
  if (!run) return 'starting';
  const step = run.steps.findIndex(({ state }) => state !== 'done') + 1;
  if (run.state === 'running' || run.state === 'waiting') return `at step ${Math.max(1, step)} of ${steps.length}`;
  return run.state === 'putting-back' ? 'being put back' : run.state;
}
