import { at, bold, formatDuration, mention, outside, type PersonId, say, type Text, unreachable } from '#core';
import type { EntryKind, NewEntry, Timeline } from '#record';
import type { RunEvent, RunRecord } from '#workflow';
import type { RequestRecord } from './request-record.ts';

/**
 * A run's event as an entry of the record. The event's key becomes the entry's, so a worker that tells everything
 * again after a crash adds nothing. Whoever must act is notified: the asker and the approvers.
 */
export async function recordRunEvent(
  timeline: Timeline,
  event: RunEvent,
  request: RequestRecord | undefined,
): Promise<void> {
  const { kind, text, actor } = entryFor(event, (request?.needs.length ?? 0) > 0);
  await timeline.append({
    id: event.key,
    request: event.run.id,
    kind,
    actor: actor ?? 'holdfast',
    text,
    notify: needsPeople(event) ? peopleOf(request) : [],
    inThread: !request?.quiet || TROUBLE.has(kind),
    data: dataOf(event),
  });
}

function entryFor(event: RunEvent, approved: boolean): { kind: EntryKind; text: Text; actor?: NewEntry['actor'] } {
  const { run } = event;
  switch (event.kind) {
    case 'started':
      return {
        kind: 'started',
        text: [`Started on ${run.worker ?? 'a worker'}.${approved ? ' Preview still holds.' : ''}`],
      };
    case 'taken-over': {
      const where = event.step ? ` at ${event.step}, asks first what already happened, and goes on` : ' and goes on';
      const lost = event.lostMs > 0 ? ` ${formatDuration(event.lostMs)} since it was last seen.` : '';
      return {
        kind: 'took-over',
        text: [`${event.from} stopped answering. ${run.worker ?? 'A worker'} took over${where}.${lost}`],
      };
    }
    case 'step-done': {
      const took = event.tookMs === undefined ? '' : ` ${formatDuration(event.tookMs)}`;
      return { kind: 'step', text: [`${event.position}/${run.steps.length} `, ...event.text, took] };
    }
    case 'step-failed':
      return {
        kind: 'failed',
        text: say`${bold(`${event.position}/${run.steps.length} FAILED`)} ${event.failure.message}`,
      };
    case 'step-trouble':
      return {
        kind: 'note',
        text: say`${event.undoing ? 'Putting back ' : ''}${event.position}/${run.steps.length} waits since ${at(event.since)}, and is tried again by itself: ${event.message}`,
      };
    case 'held': {
      const where = event.after ? ` after ${event.after}` : '';
      const point = event.demand.point ? `, at its hold point before ${event.demand.point}, asked for` : '';
      return {
        kind: 'held',
        actor: event.demand.by,
        text: say`${bold('HELD')}${where}${point} by ${mention(event.demand.by)}${
          event.demand.reason ? [': ', outside(event.demand.reason)] : []
        }`,
      };
    }
    case 'putting-back':
      return 'by' in event.because
        ? {
            kind: 'put-back',
            actor: event.because.by,
            text: say`Stopped by ${mention(event.because.by)} ${at(event.because.at)}. Putting back.`,
          }
        : { kind: 'put-back', text: [`Putting back, because: ${event.because.message}`] };
    case 'step-undone':
      return { kind: 'put-back', text: event.text };
    case 'ended':
      return endedEntry(run);
    default:
      return unreachable(event);
  }
}

function endedEntry(run: RunRecord): { kind: EntryKind; text: Text } {
  const took =
    run.startedAt && run.endedAt ? ` ${formatDuration(run.endedAt.getTime() - run.startedAt.getTime())}` : '';
  switch (run.state) {
    case 'done':
      return { kind: 'done', text: [bold('DONE'), `.${took}`] };
    case 'stopped':
      return { kind: 'stopped', text: [bold('STOPPED'), ' and put back. Everything is as before it started.'] };
    case 'refused':
      return {
        kind: run.failure?.code === 'PREVIEW_VOID' ? 'void' : 'refused',
        text: say`${bold('REFUSED')} before it started: ${run.failure?.message ?? ''} Nothing was changed.`,
      };
    default:
      return {
        kind: 'failed',
        text: [bold('FAILED'), run.putBack ? '. Everything was put back.' : '. It waits for a person.'],
      };
  }
}

/** What is told whoever asked. */
const TROUBLE: ReadonlySet<EntryKind> = new Set(['failed', 'held', 'stopped', 'put-back', 'refused', 'void']);

const needsPeople = (event: RunEvent): boolean => ['ended', 'held', 'step-failed', 'step-trouble'].includes(event.kind);

/** The asker and the approvers. */
export function peopleOf(request: RequestRecord | undefined): PersonId[] {
  if (!request) return [];
  const approvers = request.approvals.map(({ person }) => person);
  return [...new Set([...(request.asker.person ? [request.asker.person] : []), ...approvers])];
}

function dataOf(event: RunEvent): NonNullable<NewEntry['data']> {
  const base = { event: event.kind, workflow: event.run.workflow };
  if ('failure' in event) return { ...base, step: event.step, code: event.failure.code };
  if ('step' in event && event.step) return { ...base, step: event.step };
  return { ...base, state: event.run.state };
}
