import type { Rule, Sighting } from '#alarms';
import { readCaptureState } from '#capture';
import { formatBytes, formatDuration } from '#core';
import type { OplogRoomOf } from '#ports';
import type { AlarmWorld } from './alarm-world.ts';

const HOUR_MS = 3_600_000;
const GB = 1e9;
/** A full oplog is never quite full: the server takes its oldest entries away in pieces. */
const FULL_SHARE = 0.9;
/** What was written in a shorter time says nothing about a day. */
const TELLING_MS = HOUR_MS;
/** So much above the limit it is well again. */
const WELL_SHARE = 1.1;

/** How long capture could be away from now on. */
export const oplogWindow = ({ plan, store, oplogRoom }: AlarmWorld): Rule => ({
  name: 'oplog-window',
  about: 'how far the oplog reaches back',
  everyMs: 60_000,
  raiseAfterMs: 60_000,
  overAfterMs: 10 * 60_000,
  look: async () => {
    const key = 'oplog-window';
    const [rooms, state] = await Promise.all([oplogRoom.look(), readCaptureState(store)]);
    const limitMs = plan.mongodb.continuous.oplogWindowHours * HOUR_MS;
    const lefts = rooms.flatMap((room) => {
      const leftMs = windowLeftMs(room, state?.position.through.seconds);
      return leftMs === undefined ? [] : [{ member: room.member, leftMs }];
    });
    const [least] = lefts.sort((a, b) => a.leftMs - b.leftMs);
    if (!least) return [{ key, state: 'unknown' }];
    if (least.leftMs >= limitMs * WELL_SHARE) return [{ key, state: 'good' }];
    if (least.leftMs >= limitMs) return [{ key, state: 'unknown' }];
    return [
      {
        key,
        state: 'bad',
        title: 'The oplog is too short',
        cause: [
          `The oplog of ${least.member} holds ${formatDuration(least.leftMs)} more than capture needs; the plan wants ${formatDuration(limitMs)}.`,
        ],
        effect: [
          'If capture is away for longer, the times in between can not be restored, and a full backup must begin anew.',
        ],
        next: `db.adminCommand({ replSetResizeOplog: 1, minRetentionHours: ${plan.mongodb.continuous.oplogWindowHours} })`,
        numbers: { leftMs: least.leftMs, limitMs },
        mark: 'short',
      },
    ];
  },
});

/**
 * How far the position of capture is from being overwritten, at the pace of what the oplog holds; undefined while it holds
 * too little to tell.
 */
export function windowLeftMs({ first, last, bytes, maxBytes }: OplogRoomOf, through?: number): number | undefined {
  const spanMs = (last.seconds - first.seconds) * 1_000;
  const isFull = bytes >= maxBytes * FULL_SHARE;
  if (!isFull && spanMs < TELLING_MS) return undefined;
  const windowMs = isFull ? spanMs : spanMs * (maxBytes / Math.max(1, bytes));
  const behindMs = through === undefined ? 0 : Math.max(0, last.seconds - through) * 1_000;
  return Math.max(0, windowMs - behindMs);
}

/** Each member's oplog is as large as the plan says, whatever it holds today. */
export const oplogSmall = ({ plan, oplogRoom }: AlarmWorld): Rule => ({
  name: 'oplog-small',
  about: 'how large the oplog may grow',
  everyMs: 5 * 60_000,
  raiseAfterMs: 0,
  overAfterMs: 0,
  look: async () => {
    const wanted = plan.mongodb.continuous.oplogSizeGb * GB;
    return (await oplogRoom.look()).map(({ member, maxBytes }): Sighting => {
      const key = `oplog-small/${member}`;
      if (maxBytes >= wanted) return { key, state: 'good' };
      return {
        key,
        state: 'bad',
        title: `The oplog of ${member} is smaller than planned`,
        cause: [`It may grow to ${formatBytes(maxBytes)}; the plan says ${formatBytes(wanted)}.`],
        effect: ['Capture may be away for less time than the plan counts on.'],
        // the server counts in binary megabytes
        next: `db.adminCommand({ replSetResizeOplog: 1, size: ${Math.ceil(wanted / 2 ** 20)} })   on ${member}`,
        numbers: { maxBytes, wantedBytes: wanted },
        mark: String(maxBytes),
      };
    });
  },
});
