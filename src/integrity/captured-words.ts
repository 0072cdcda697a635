import { capital, counted, DrError, formatDuration, type Text, utc } from '#core';
import type { OplogTime } from '#ports';
import { type Lost, type LostWhy, rangeOf } from '#vault';
import type { CapturedFindings, LostSeconds } from './captured-findings.ts';

const secondOf = ({ seconds }: OplogTime): Date => new Date(seconds * 1000);

/** What is wrong with something that no region has whole. */
const whyLost: Readonly<Record<LostWhy, string>> = {
  damaged: 'is damaged in every region',
  gone: 'is in no region that answers',
  keyless: 'has no key in any region',
  unjoined: 'does not follow what was captured before it',
};

/** `what was captured from … to … is damaged in every region` */
export const sayLost = ({ from, through, why }: Lost): string =>
  from.seconds === through.seconds
    ? `what was captured at ${utc(secondOf(from))} ${whyLost[why]}`
    : `what was captured from ${utc(secondOf(from))} to ${utc(secondOf(through))} ${whyLost[why]}`;

/** The seconds that can't be restored because of it, the first one that may lack an entry to the last before a backup. */
export function lostText(lost: LostSeconds): string {
  const from = utc(secondOf(lost.from));
  const span = lost.again ? `${from} to ${utc(new Date(lost.again.getTime() - 1000))}` : `since ${from}`;
  return `${span}: ${sayLost(lost)}.`;
}

/** `capture/0001/2026-11-23T08/…` as people say it: captured up to 08:00:03. */
export function nameOfCaptured(key: string): string {
  const range = rangeOf(key);
  if (range) return `captured up to ${utc(secondOf(range.through))}`;
  const [area, second, third = ''] = key.split('/');
  return area === 'archive' ? `archive of ${third}:00` : `key ${second ?? key}`;
}

/** One line for the thread. */
export function capturedText(findings: CapturedFindings): Text {
  const { hours, objects, healedCopies, rebuilt, damaged, lost, unread } = findings;
  if (hours === 0 && lost.length === 0) return [];
  return [
    `${counted(hours, 'captured hour')}, ${counted(objects, 'object')} read back.`,
    healedCopies > 0 ? ` ${counted(healedCopies, 'damaged copy', 'damaged copies')} healed.` : '',
    rebuilt > 0 ? ` ${counted(rebuilt, 'archive')} made anew.` : '',
    damaged > 0 ? ` Still damaged: ${damaged}.` : '',
    lost.length > 0 ? ` Lost in every region: ${counted(lost.length, 'stretch', 'stretches')}.` : '',
    unread.length > 0 ? ` Not read: ${unread.map(({ region }) => region).join(', ')}.` : '',
    damaged + lost.length + unread.length === 0 ? ' All whole.' : '',
  ];
}

/**
 * Why a verification of what was captured does not end well: something is lost that was not known before, or that no backup
 * stands behind yet, or a bucket did not take a healed copy. Undefined when there is nothing to be done.
 */
export function stillLost({ lost, damage, damaged, unread }: CapturedFindings): DrError | undefined {
  const open = lost.find(({ again }) => again === undefined);
  const told = open ?? lost.find(({ isNew }) => isNew);
  if (told) return lostError(told, lost.length - 1);
  const [first] = damage;
  if (!first) return undefined;
  const more = damaged > 1 ? ` ${damaged - 1} more copies are damaged too.` : '';
  return new DrError(
    'BACKUP_DAMAGED',
    'permanent',
    `What was captured is damaged in ${first.region}, ${nameOfCaptured(first.segment)}: ${first.problem}${more}`,
    {
      hint:
        unread.length > 0
          ? `Another copy may be in ${unread.map(({ region }) => region).join(', ')}, which did not answer. Then: /dr verify captured`
          : 'It can be restored from another region, whose copy this bucket did not take: check the rights there, then /dr verify captured',
    },
  );
}

function lostError(lost: LostSeconds, others: number): DrError {
  const { from, through, again } = lost;
  const more = others > 0 ? ` ${others} more stretches are lost too.` : '';
  const until = again
    ? `No second can be restored from then until ${utc(new Date(again.getTime() - 1000))}, ${formatDuration(again.getTime() - from.seconds * 1000)}.`
    : 'No second since then can be restored.';
  return new DrError('BACKUP_DAMAGED', 'permanent', `${capital(sayLost(lost))}. ${until}${more}`, {
    hint: again
      ? `From ${utc(again)} on every second can be restored again: /dr backups --window`
      : 'Begin anew behind it, now: /dr backup mongodb. What can be restored: /dr backups --window',
    data: { timeline: lost.timeline, from: utc(secondOf(from)), through: utc(secondOf(through)) },
  });
}
