import type { Section } from '#chatops';
import type { PersonId, Text } from '#core';
import type { HoldPoint, RunRecord, StepHistory, StepWords } from '#workflow';
import type { RequestRecord } from '../request-record.ts';

/** A slot of an approval as people see it: whose consent it is, who could give it, who did. */
export interface SlotView {
  readonly label: string;
  readonly eligible: readonly PersonId[];
  readonly given: { readonly person: PersonId; readonly at: Date } | undefined;
}

/** What a run leaves behind for people to read. */
export interface Receipt {
  /** `us-west-2 now serves ELD` */
  readonly headline: string;
  /** What it cost, as a sentence for a locked telephone: `No acknowledged write lost.` */
  readonly cost?: string;
  readonly sections: readonly Section[];
  /** What is wanted next: a button asks for it as if it were typed, with a preview and approvals of its own. */
  readonly next?: { readonly label: string; readonly line: string };
  /** Where it stands in full, id by id: a button shows it. */
  readonly inFull?: string;
}

/** Everything a card needs, gathered once: cards themselves ask nobody. */
export interface RequestView {
  readonly request: RequestRecord;
  readonly slots: readonly SlotView[];
  readonly run: RunRecord | undefined;
  readonly steps: readonly StepWords[];
  /** From this step (counted from 1) on a run only goes forward; undefined: it can always be put back. */
  readonly forwardFrom: number | undefined;
  /** Before these steps (counted from 1) it will hold by itself. */
  readonly holdsBefore: readonly number[];
  /** Whether it may wait where it has come to; undefined where that is not known. */
  readonly stay: HoldPoint | undefined;
  readonly history: StepHistory;
  readonly receipt: Receipt | undefined;
  /** How long a move that is done took, phase by phase. */
  readonly phases: readonly Text[];
  /** What a move that is done holds back, and until when. */
  readonly settling: readonly Text[];
  /** What is true for the users of the system while it runs; undefined when nothing is known. */
  readonly nowLine: Text | undefined;
  /** What it costs to go on waiting, where an incident asks for it. */
  readonly waitingCosts: Section | undefined;
  readonly now: Date;
}
