import type { Text } from '#core';
import type { RunRecord } from '#workflow';
import type { Surroundings } from '../status/look-around.ts';

/** done: seen to be so. open: to be done. unknown: Holdfast can't see it, and says why. */
export type PlaybookState = 'done' | 'open' | 'unknown';

/** One step of a playbook, as far as it was seen, and what to type for it. */
export interface PlaybookStep {
  readonly title: string;
  readonly state: PlaybookState;
  readonly seen: Text;
  /** As it is typed, in order of preference; what is not `/dr` is typed in a shell. */
  readonly commands: readonly string[];
}

/** What both playbooks are made from. */
export interface PlaybookFacts {
  readonly seen: Surroundings;
  /** The newest restore and swap since the trouble began; undefined: none was asked for. */
  readonly restore: RunRecord | undefined;
  readonly swap: RunRecord | undefined;
  /** Since when runs count: the incident's beginning, else a day ago. */
  readonly since: Date;
}
