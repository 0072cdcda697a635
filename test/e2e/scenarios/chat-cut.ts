import type { RequestId } from '#core';
import { until } from '#sandbox/servers';
import type { Message } from '#sandbox/slack';
import type { CompanyBench } from '../company-bench.ts';
import { loseRedisUnderway } from './losses.ts';
import { faultsAfterMove, nextMove } from './move.ts';
import { askAndApproveInTerminal } from './terminal.ts';

/**
 * Slack answers nobody while a move is asked for, approved and done from a terminal; once it is under way Redis may be
 * killed for good too. The move must wait for neither; afterwards the thread holds every fact once, in order. Returns what
 * did not hold.
 */
export async function chatCutDuringMove(
  bench: CompanyBench,
  { how, redis }: { readonly how: 'refuse' | 'hang'; readonly redis: 'there' | 'lost' },
  note: (what: string) => void,
): Promise<string[]> {
  const { slack } = bench.company;
  const startedAt = performance.now();
  const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(0)} s`;
  const { line, to } = await nextMove(bench);
  await slack.break({ kind: 'cut', seconds: 600, how });
  try {
    const request = await moveFromTerminal(bench, line);
    note(`${request}: asked for and approved in a terminal after ${seconds()}`);
    if (redis === 'lost') await loseRedisUnderway(bench, request);
    const faults = await faultsAfterMove(bench, request, to);
    if (redis === 'lost' && bench.company.redis.running()) faults.push('Redis was not lost');
    if (!slack.isCut) faults.push(`${request}: Slack was back before the move had ended`);
    note(`${request}: moved to ${to} while Slack was cut (${how}) and Redis ${redis}, after ${seconds()}`);
    await slack.mend();
    const inThread = await faultsInThread(bench, request);
    note(`${request}: its thread is complete after ${seconds()}`);
    return [...faults, ...inThread];
  } finally {
    // Whatever happened: the next story needs Slack.
    await slack.mend();
  }
}

function moveFromTerminal(bench: CompanyBench, line: string): Promise<RequestId> {
  const words = line
    .replace(/^\/dr /, '')
    .replace(/ --reason .*/, '')
    .split(' ');
  return askAndApproveInTerminal(bench, [...words, '--reason', 'Slack is down, east storage is slow']);
}

/** The thread against the record: every entry that is to be a line is one line, in the record's order. */
export async function faultsInThread(bench: CompanyBench, request: RequestId): Promise<string[]> {
  const wanted = (await bench.entries(request)).filter(({ inThread }) => inThread).map(({ sequence }) => sequence);
  const seen = () => linesOf(bench, request);
  await until(`the thread of ${request} has ${wanted.length} lines`, async () => seen().length >= wanted.length, {
    withinMs: 60_000,
    everyMs: 200,
  }).catch(() => undefined);
  const lines = seen();
  const same = JSON.stringify(lines) === JSON.stringify(wanted);
  return same ? [] : [`${request}: the thread has lines ${lines}, the record has ${wanted}`];
}

function linesOf({ company: { slack } }: CompanyBench, request: RequestId): number[] {
  const root = slack
    .messages()
    .find((message) => message.thread_ts === undefined && sequenceOf(message).startsWith(`root-${request}-`));
  if (!root) return [];
  return slack
    .thread(root.ts)
    .map(sequenceOf)
    .flatMap((sequence) => (sequence.startsWith('line-') ? [Number(sequence.slice('line-'.length))] : []));
}

const sequenceOf = ({ metadata }: Message): string => String(metadata?.event_payload['sequence'] ?? '');
