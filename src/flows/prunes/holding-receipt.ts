import { counted } from '#core';
import { HeldCounts, HoldingInput } from '#retention';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';

/** What people read when a backup is held, or let go. */
export function holdingReceipt(run: RunRecord): Receipt | undefined {
  const counts = HeldCounts.safeParse(run.steps[0]?.output);
  const input = HoldingInput.safeParse(run.input);
  if (!counts.success || !input.success) return undefined;
  const { versions, backups } = counts.data;
  const { backup } = input.data;
  const held = run.workflow === 'backups-hold';
  const others = backups.filter((each) => each.backup !== backup).map((each) => each.backup);
  return {
    headline: held ? `${backup} is held` : `${backup} is held no more`,
    sections: [
      {
        lines: [
          [`Legal hold ${held ? 'on' : 'off'} ${counted(versions, 'object')} in all regions.`],
          ...(others.length > 0 ? [[`Also what it stands on: ${others.join(', ')}.`]] : []),
          ...(held ? [[`Let it go: /dr backups release ${backup} --reason "..."`]] : []),
        ],
      },
    ],
  };
}
