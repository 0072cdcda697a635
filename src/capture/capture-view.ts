import type { Clock } from '#core';
import type { OplogSource, OplogTime } from '#ports';
import type { CaptureState } from './capture-state.ts';
import type { SegmentWriter } from './segment-writer.ts';
import { watchBehind } from './watch-behind.ts';

/** What capture is at, as those see it who watch beside it. Only capture itself changes it. */
export interface CaptureView {
  source: OplogSource | undefined;
  writer: SegmentWriter | undefined;
  oplogFrom: OplogTime | undefined;
  trouble: { readonly why: string; readonly sinceMs: number } | undefined;
  /** Has capture go on with another member. */
  leaveSource: (why: unknown) => void;
  readonly behind: ReturnType<typeof watchBehind>;
  /** What is written down of it; undefined before it knows where it stands. */
  state(): Pick<CaptureState, 'position' | 'behindMs' | 'oplogFrom' | 'lastKey' | 'trouble'> | undefined;
}

export function openCaptureView(clock: Clock): CaptureView {
  const view: CaptureView = {
    source: undefined,
    writer: undefined,
    oplogFrom: undefined,
    trouble: undefined,
    leaveSource: () => undefined,
    behind: watchBehind(clock),
    state() {
      if (!view.writer) return undefined;
      return {
        position: view.writer.position,
        behindMs: view.behind.behindMs() ?? 0,
        ...(view.oplogFrom ? { oplogFrom: view.oplogFrom } : {}),
        ...(view.writer.lastKey ? { lastKey: view.writer.lastKey } : {}),
        ...(view.trouble ? { trouble: view.trouble.why } : {}),
      };
    },
  };
  return view;
}
