import { at, mention, say, type Text } from '#core';
import { MOVES } from '#failover';
import type { Plan } from '#plan';
import type { RunRecord } from '#workflow';
import { settlesAt } from './last-move.ts';

/** What a move that is done still holds back, until when, and how that ends; empty for what moves nothing. */
export function settlingLines(run: RunRecord, plan: Plan, now: Date): Text[] {
  if (!MOVES.includes(run.workflow) || run.state !== 'done' || !run.endedAt) return [];
  if (run.committed) return [say`Committed ${at(run.committed.at)} by ${mention(run.committed.by)}.`];
  const until = settlesAt(run.endedAt, plan);
  if (now >= until) return [say`Committed by itself ${at(until)}.`];
  return [
    say`Until ${at(until)} Holdfast neither proposes nor starts another move.`,
    [`Well as it is? /dr commit ${run.id} ends that. The way back stays open after it.`],
  ];
}
