import { at, bold, counted, type PersonId, type Text } from '#core';
import type { RequestView } from '../cards/request-view.ts';
import { comingStart } from '../starts/coming-start.ts';
import type { Surroundings } from './look-around.ts';

/** A line a run that is on its way, held, or failed and waiting for a person. */
export function runLines({ runs }: Surroundings): Text[] {
  if (!runs.known) return [];
  return runs.value.map(({ request, run, steps }): Text => {
    const title = request.preview?.preview.title ?? request.command;
    const step = (run?.steps.findIndex(({ state }) => state !== 'done') ?? -1) + 1;
    const where = step > 0 ? `, step ${step} of ${run?.steps.length}: ${steps[step - 1]?.todo ?? ''}` : '';
    return [
      bold(`${request.id} ${STATE[run?.state ?? 'waiting'] ?? ''}`),
      ` - ${title}${where}   /dr show ${request.id}`,
    ];
  });
}

const STATE: Readonly<Record<string, string>> = {
  waiting: 'STARTING',
  running: 'RUNNING',
  held: 'HELD',
  'putting-back': 'PUTTING BACK',
  failed: 'FAILED',
};

/** A line a request that waits for somebody's consent. */
export function approvalLines({ waiting }: Surroundings, reader: PersonId | undefined): Text[] {
  if (!waiting.known) return [];
  return waiting.value.map((view): Text => {
    const { request, slots } = view;
    const missing = slots.filter(({ given }) => !given).map(({ label }) => label);
    const mine = mayApprove(view, reader) ? ' You may approve.' : '';
    const startsAt = comingStart(request);
    if (startsAt) {
      const what = request.preview?.preview.title ?? request.command;
      return [
        bold(`${request.id} STARTS UNLESS HELD`),
        ` - ${what}: at `,
        at(startsAt),
        `.${mine}   /dr hold ${request.id}`,
      ];
    }
    return [
      bold(`${request.id} APPROVAL NEEDED`),
      ` - ${request.preview?.preview.title ?? request.command}: waits for ${missing.join(', and ')}.${mine}`,
    ];
  });
}

const mayApprove = ({ slots }: RequestView, reader: PersonId | undefined): boolean =>
  reader !== undefined &&
  !slots.some(({ given }) => given?.person === reader) &&
  slots.some(({ given, eligible }) => !given && eligible.includes(reader));

/** What is open, in one line; what is not known is said so. */
export function openLine({ waiting, runs, incidents }: Surroundings): Text {
  if (!incidents.known) return [`Open       not known (${incidents.why})`];
  if (!waiting.known) return [`Open       not known (${waiting.why})`];
  if (!runs.known) return [`Open       not known (${runs.why})`];
  const parts = [
    incidents.value.length === 0 ? 'no incident' : counted(incidents.value.length, 'incident'),
    runs.value.length === 0 ? 'no run' : `${runs.value.length} ${runs.value.length === 1 ? 'run' : 'runs'}`,
    waiting.value.length === 0
      ? 'no approval'
      : `${waiting.value.length} ${waiting.value.length === 1 ? 'approval' : 'approvals'} missing   /dr approvals`,
  ];
  return [`Open       ${parts.join(', ')}`];
}
