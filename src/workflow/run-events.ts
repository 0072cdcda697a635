import type { RequestId, Text } from '#core';
import type { Demand, Failure, RunRecord } from './run-record.ts';

/**
 * What a run tells. `key` is the same whenever the same fact is told again, so a worker that takes a run over may
 * simply tell everything since the start: the record keeps each fact once.
 */
export type RunEvent = { readonly key: string; readonly run: RunRecord } & (
  | { readonly kind: 'started' }
  | { readonly kind: 'taken-over'; readonly from: string; readonly step: string | undefined; readonly lostMs: number }
  | {
      readonly kind: 'step-done';
      readonly step: string;
      readonly position: number;
      readonly text: Text;
      readonly tookMs: number | undefined;
    }
  | { readonly kind: 'step-failed'; readonly step: string; readonly position: number; readonly failure: Failure }
  | {
      /** It is tried again and again for what may pass. */
      readonly kind: 'step-trouble';
      readonly step: string;
      readonly position: number;
      /** It is being put back, and that is what does not work. */
      readonly undoing: boolean;
      readonly since: Date;
      readonly message: string;
    }
  | { readonly kind: 'held'; readonly after: string | undefined; readonly demand: NonNullable<RunRecord['hold']> }
  | { readonly kind: 'putting-back'; readonly because: Failure | Demand }
  | { readonly kind: 'step-undone'; readonly step: string; readonly text: Text }
  | { readonly kind: 'ended' }
);

/** Writes an event into the record. Idempotent by the event's key; must not resolve before it is durable. */
export type Tell = (event: RunEvent) => Promise<void>;

export const eventKey = (runId: RequestId, ...parts: (string | number)[]): string => [runId, ...parts].join('/');
