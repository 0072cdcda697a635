import { bold, counted, formatCount, formatDuration, type Text } from '#core';
import { MoveReceipt } from '#failover';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';

/** What people read when a move is done: what it cost, how we know, what is different now. Every number was counted. */
export function moveReceipt(run: RunRecord): Receipt | undefined {
  const last = run.steps.at(-1);
  const receipt = MoveReceipt.safeParse(last?.output);
  if (!receipt.success || last?.state !== 'done') return undefined;
  const { to, from, pauses, pauseLimitMs, proof, startedAt, endedAt } = receipt.data;
  const longest = Math.max(0, ...pauses.map(({ ms }) => ms));
  const waited = startedAt.getTime() - run.createdAt.getTime();
  return {
    headline: `${to} now serves`,
    cost: 'No acknowledged write lost.',
    ...(receipt.data.move === 'failback' ? {} : { next: { label: 'Fail back...', line: `failback ${from}` } }),
    sections: [
      {
        lines: [
          [`Writes paused    ${formatDuration(longest)}   (approved up to ${formatDuration(pauseLimitMs)})`],
          [`Lost             0 of ${formatCount(proof.readBack.writes)} acknowledged writes`],
          [`Service moved    ${formatDuration(endedAt.getTime() - startedAt.getTime())}`],
          [`Waited to start  ${formatDuration(Math.max(0, waited))}`],
        ],
      },
      {
        heading: 'How we know',
        lines: [
          [
            `All ${formatCount(proof.readBack.writes)} writes acknowledged around the move were read back from ${to}, by id and hash.`,
          ],
          ...(proof.readBack.removed > 0
            ? [
                [
                  `${formatCount(proof.readBack.removed)} of them were deleted or changed by somebody since; the oplog has them.`,
                ],
              ]
            : []),
          [`${proof.testWrites.readBack} of ${proof.testWrites.written} test writes and reads.`],
          [
            `${Math.round(proof.trafficShare * 100)} % of traffic on ${to}. One primary, seen from ${proof.primarySeenFrom.join(', ')}.`,
          ],
        ],
      },
      {
        heading: 'What is different now',
        lines: [
          ...followerLines(proof.followers),
          [`You can fall back: /dr ${receipt.data.move === 'failback' ? 'failover' : 'failback'} ${from}`],
        ],
      },
    ],
  };
}

/** One line a region: its members, and how far the last of them is behind. */
function followerLines(followers: MoveReceipt['proof']['followers']): Text[] {
  return [...new Set(followers.map(({ region }) => region))].map((region) => {
    const lags = followers.filter((each) => each.region === region).map(({ lagMs }) => lagMs);
    const members = counted(lags.length, 'member');
    return [`${region} follows with ${members}, at most ${formatDuration(Math.max(...lags))} behind.`];
  });
}

/** `Drivers now: writes accepted (were paused 3.9 s).` */
export function moveNowLine(run: RunRecord): Text | undefined {
  const state = (name: string) => run.steps.find((step) => step.name === name)?.state;
  const blocked = state('stop-writes') === 'done' || state('stop-writes') === 'started';
  const promoted = state('promote') === 'done';
  if (run.state === 'putting-back') return [bold('Now'), ': being put back.'];
  if (blocked && !promoted) return [bold('Now'), ': writes are paused.'];
  return promoted
    ? [bold('Now'), ': writes accepted by the new primary.']
    : [bold('Now'), ': writes accepted, as before.'];
}
