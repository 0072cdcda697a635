import { formatUtc, type RequestId, shortHash } from '#core';
import { type RequestView, requestCard, viewOf } from '#flows';
import type { Holdfast } from '../main/open-holdfast.ts';
import { type ExitCode, exitCodeOfRequest, hasEnded } from './exit-code.ts';
import type { Screen } from './screen.ts';
import { slackReach } from './slack-reach.ts';

/**
 * Shows a request's card whenever it changes, until it has ended. Ctrl-C leaves the request as it is and ends with 4.
 * `detach`: shows it once, when it is known what is asked.
 */
export async function follow(
  id: RequestId,
  screen: Screen,
  { flow, config }: Holdfast,
  { detach }: { detach: boolean },
): Promise<ExitCode> {
  const left = leaveOnInterrupt();
  const reach = slackReach(config, flow.store);
  const beganMs = flow.clock.monotonicMs();
  let shown = '';
  let toldAboutSlack = false;
  try {
    while (!left.signal.aborted) {
      const view = await viewOf(id, flow);
      if (!view) return 1;
      const exitCode = exitCodeOfRequest(view);
      if (markOf(view) !== shown) {
        shown = markOf(view);
        screen.show(requestCard(view), { request: id, state: stateOf(view), exitCode });
      }
      if (hasEnded(view)) return exitCode;
      if (view.request.state === 'waiting' && !toldAboutSlack) {
        toldAboutSlack = true;
        const { reached, since } = await reach;
        if (!reached)
          screen.say(slackDownLines(view, since, flow.clock.now()), { request: id, state: stateOf(view), exitCode });
      }
      if (detach && view.request.state !== 'checking') return exitCode;
      screen.passing(
        `${stateOf(view)} ${minutes(flow.clock.monotonicMs() - beganMs)} (Ctrl-C leaves the request open)`,
      );
      await flow.clock.sleep(500, left.signal).catch(() => undefined);
    }
  } finally {
    left.stop();
  }
  screen.say([`${id} goes on without this terminal. Look: dr show ${id} --watch`], {
    request: id,
    state: 'left',
    exitCode: 4,
  });
  return 4;
}

/** What must change for the card to be shown again. */
const markOf = ({ request, run }: RequestView): string =>
  [
    request.state,
    request.approvals.length,
    request.voids,
    run?.state,
    run?.steps.map(({ state }) => state).join(),
  ].join('/');

export const stateOf = ({ request, run }: RequestView): string => run?.state ?? request.state;

function slackDownLines({ request }: RequestView, since: Date | undefined, now: Date): string[] {
  const mark = request.preview ? shortHash(request.preview.hash) : '';
  return [
    since ? `Slack cannot be reached since ${formatUtc(since, now)}.` : 'Slack cannot be reached now.',
    `Approvers approve with: dr approve ${request.id} --preview ${mark}`,
  ];
}

const minutes = (ms: number): string =>
  `${Math.floor(ms / 60_000)}:${String(Math.floor((ms % 60_000) / 1000)).padStart(2, '0')}`;

/** Ctrl-C ends the watching, not what is watched. A second one ends the process as usual. */
export function leaveOnInterrupt(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const left = new AbortController();
  const leave = (): void => left.abort();
  process.once('SIGINT', leave);
  return { signal: left.signal, stop: () => process.removeListener('SIGINT', leave) };
}
