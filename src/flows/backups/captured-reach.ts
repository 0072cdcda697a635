import { type CaptureState, readCaptureState } from '#capture';
import { readLost } from '#integrity';
import {
  type Lost,
  listTimelines,
  lostAtEnd,
  lostByName,
  mergeLost,
  type Timeline,
  type TimelineList,
  withoutLost,
} from '#vault';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** What was captured and can be read, as far as it is known without reading it. */
export interface CapturedReach {
  /** Of a timeline that lost something the parts that are left, in order. */
  readonly timelines: readonly Timeline[];
  /** What no region has whole, in order. */
  readonly lost: readonly Lost[];
  readonly unreachable: TimelineList['unreachable'];
  readonly capture: CaptureState | undefined;
}

/**
 * What the names in the buckets say, less what verifications found to be lost. Without the control store only the findings
 * are missing: a restore finds the same again. Throws what `listTimelines` throws.
 */
export async function lookAtCaptured({
  backup,
  store,
}: Pick<HoldfastWorld, 'backup' | 'store'>): Promise<CapturedReach> {
  // before the lists: what was written in between is not taken for lost
  const [capture, remembered] = await Promise.all([
    readCaptureState(store).catch(() => undefined),
    readLost(store).catch(() => []),
  ]);
  const { timelines, unreachable } = await listTimelines(backup.vault);
  const lost = [...lostByName(timelines), ...lostAtEnd(timelines, capture?.position), ...remembered];
  return { timelines: withoutLost(timelines, remembered), lost: mergeLost(lost), unreachable, capture };
}
