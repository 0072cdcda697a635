import { at, bold, formatUtc, mention, outside, say, type Text } from '#core';
import { comingStart } from '../starts/coming-start.ts';
import { section } from './parts.ts';
import type { RequestView } from './request-view.ts';

/** Behind the push text of a request that starts by itself. */
export function startPush({ request, now }: RequestView): string {
  const startsAt = comingStart(request);
  return startsAt ? ` Starts by itself at ${formatUtc(startsAt, now)} unless held.` : '';
}

/** When it starts by itself, or why not any more. */
export function startLines({ request }: RequestView): Text[] {
  const startsAt = comingStart(request);
  if (startsAt) return [say`${bold('Starts by itself')} at ${at(startsAt)}, unless somebody holds it.`];
  const off = request.starts?.off;
  if (!off) return [];
  if (off.by) {
    const why: Text = off.why ? [': ', outside(off.why)] : [];
    return [say`${bold('Held')} by ${mention(off.by)} ${at(off.at)}${why}. It starts when it is approved.`];
  }
  return [[`It does not start by itself${off.why ? `: ${off.why}` : ''}. It starts when it is approved.`]];
}

/** What acting costs, beside what waiting costs. */
export function actingCosts({ request }: RequestView) {
  const { preview } = request.preview ?? {};
  if (!preview || !comingStart(request)) return [];
  return [
    section({
      heading: 'What starting costs',
      lines: [
        [preview.effect],
        ['Where the trouble goes along, another move back. Held, it only waits for approvals.'],
      ],
    }),
  ];
}
