import { capital, formatDuration } from '#core';
import type { Button } from '#ports';
import { hashMark } from '../hash-mark.ts';
import type { RequestView } from './request-view.ts';

/** Every button of a request's card carries the request and the preview it was drawn for, so an old card can't act on a new one. */
const requestAndPreview = ({ request }: RequestView): string =>
  `${request.id} ${request.preview ? hashMark(request.preview.hash) : '-'}`;

const button =
  (
    id: string,
    label: string,
    spoken: (view: RequestView) => string,
    more: (view: RequestView) => Partial<Button> = () => ({}),
  ) =>
  (view: RequestView): Button => ({
    id,
    label,
    value: requestAndPreview(view),
    spoken: spoken(view).slice(0, 75),
    ...more(view),
  });

const named = ({ request }: RequestView): string =>
  `${request.id}, ${request.preview?.preview.title ?? request.command}`;

export const approveButton = button(
  'approve',
  'Approve',
  (view) => `Approve run ${named(view)}`,
  (view) => ({
    style: 'primary',
    confirm: {
      title: `Approve ${view.request.id}?`,
      text: cut(
        `${capital(view.request.preview?.preview.title ?? '')}. ${view.request.preview?.preview.effect ?? ''} It starts at once if yours is the last approval missing.`,
        300,
      ),
      yes: `Approve ${view.request.id}`,
      no: 'Not yet',
    },
  }),
);

export const denyButton = button('deny', 'Deny...', (view) => `Deny run ${named(view)}, with a reason`);
export const detailsButton = button(
  'details',
  'Details',
  (view) => `Show everything that was approved for ${view.request.id}`,
);
export const cancelButton = button('cancel', 'Cancel request', (view) => `Cancel request ${named(view)}`);
export const whyButton = button('why', 'Why these people?', (view) => `Why these people approve ${view.request.id}`);
export const askAgainButton = button('ask-again', 'Ask again', (view) => `Ask again for ${named(view)}`);
export const holdButton = button(
  'hold',
  'Hold after this step',
  (view) => `Hold run ${view.request.id} after this step`,
);
export const holdStartButton = button('hold', 'Hold it', (view) => `Hold run ${view.request.id}: it starts by itself`);
export const goOnButton = button('go-on', 'Go on', (view) => `Let run ${view.request.id} go on`);
export const recordButton = button('record', 'Record', (view) => `Show the record of ${view.request.id}`);

/** Says what is wanted next of a run that is done; its line is read from the run again when it is pressed. */
export const nextButton = (label: string): ((view: RequestView) => Button) =>
  button('next', label, (view) => `${label.replace(/\.+$/, '')}, asked for after ${view.request.id}`);
export const receiptButton = button('receipt', 'Receipt', (view) => `Show what ${view.request.id} lost, by id`);

export const tryAgainButton = (step: number): ((view: RequestView) => Button) =>
  button('go-on', `Try step ${step} again`, (view) => `Try step ${step} of run ${view.request.id} again`);

export const stopButton = button(
  'stop',
  'Stop and put back...',
  (view) => `Stop run ${view.request.id} and put back`,
  (view) => ({
    style: 'danger',
    confirm: {
      title: `Stop ${view.request.id}?`,
      text: cut(
        `Puts back, last first: ${undoneWords(view)}. It took ${formatDuration(elapsedMs(view))} to get here. Needs no new approval.`,
        300,
      ),
      yes: 'Stop and put back',
      no: 'Keep running',
    },
  }),
);

const undoneWords = (view: RequestView): string =>
  view.run?.steps
    .map(({ state }, index) => (state === 'pending' ? undefined : view.steps[index]?.done))
    .filter((words) => words !== undefined)
    .reverse()
    .join('; ') || 'nothing yet';

export const elapsedMs = ({ run, now }: RequestView): number =>
  run?.startedAt ? Math.max(0, (run.endedAt ?? now).getTime() - run.startedAt.getTime()) : 0;

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 3)}...` : text);
