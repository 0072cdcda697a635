import { at, type Text } from '#core';
import type { RunRecord } from '#workflow';
import type { PlaybookFacts, PlaybookStep } from './playbook.ts';

/** The plan's "Database Recovery Playbook": five steps, each with what was seen of it. Pure. */
export function databasePlaybook(facts: PlaybookFacts): PlaybookStep[] {
  return [assess(facts), chooseBackup(facts), recover(facts), validate(facts), resume(facts)];
}

function assess({ seen: { database } }: PlaybookFacts): PlaybookStep {
  const step = { title: 'Assess the damage', commands: ['/dr health', '/dr status'] };
  if (!database.known) return { ...step, state: 'unknown', seen: [`The members are not seen: ${database.why}.`] };
  const { members } = database.value;
  const primary = members.find(({ state }) => state === 'primary');
  const answering = members.filter(({ state }) => state !== 'unreachable').length;
  const who = primary ? `${primary.host} is primary` : 'there is no primary';
  return { ...step, state: 'done', seen: [`${answering} of ${members.length} members answer, ${who}.`] };
}

function chooseBackup({ seen: { backups, capture } }: PlaybookFacts): PlaybookStep {
  const step = { title: 'Find the latest valid backup', commands: ['/dr backups --window', '/dr verify latest'] };
  if (!backups.known) return { ...step, state: 'unknown', seen: [`The vault is not seen: ${backups.why}.`] };
  const verified = backups.value.backups.flatMap((each) => (each.state === 'VERIFIED' ? [each.header] : []))[0];
  if (!verified) return { ...step, state: 'open', seen: ['None of the newest backups is verified.'] };
  const captured: Text =
    capture.known && capture.value
      ? [' Any second up to ', at(new Date(capture.value.position.through.seconds * 1_000)), ' was captured.']
      : [];
  const end = new Date(verified.window.end.seconds * 1_000);
  return { ...step, state: 'done', seen: [`${verified.backup}, `, at(end), ', verified.', ...captured] };
}

function recover({ restore, since }: PlaybookFacts): PlaybookStep {
  const commands = ['/dr restore --to "10 minutes ago"', '/dr restore latest'];
  const step = { title: 'Restore it beside the live data', commands };
  if (!restore) return { ...step, state: 'open', seen: ['No restore was asked for since ', at(since), '.'] };
  if (restore.state === 'done') return { ...step, state: 'done', seen: [`${restore.id} is done.`] };
  return { ...step, state: 'open', seen: [`${restore.id} is ${sayState(restore)}.`], commands: [show(restore)] };
}

function validate({ restore, swap }: PlaybookFacts): PlaybookStep {
  const title = 'Validate what was restored, and swap it in';
  if (swap) {
    const done = swap.state === 'done';
    const state = done ? 'done' : 'open';
    return { title, state, seen: [`Swap ${swap.id} is ${sayState(swap)}.`], commands: [show(swap)] };
  }
  const ready = restore?.state === 'done';
  return {
    title,
    state: 'open',
    seen: [
      ready
        ? `${restore.id} read back equal: counts, hashes, indexes. Nothing live was touched yet.`
        : 'After the restore: every collection is read back and compared before anything is swapped.',
    ],
    commands: [`/dr restore swap ${ready ? restore.id : '<R-number of the restore>'}`],
  };
}

function resume({ seen: { database, traffic } }: PlaybookFacts): PlaybookStep {
  const step = { title: 'Resume operations', commands: ['/dr status'] };
  if (!database.known) return { ...step, state: 'unknown', seen: ['Whether writes are taken is not seen.'] };
  const writable = database.value.members.some((member) => member.writable);
  if (!writable) return { ...step, state: 'open', seen: ['No member takes writes.'] };
  if (!traffic.known)
    return { ...step, state: 'unknown', seen: [`Writes are taken; users are not seen: ${traffic.why}.`] };
  const failed = traffic.value.byRegion.reduce((sum, each) => sum + each.failed, 0);
  return { ...step, state: failed === 0 ? 'done' : 'open', seen: [`Writes are taken; ${failed} of the last failed.`] };
}

const show = ({ id }: RunRecord): string => `/dr show ${id}`;
const sayState = ({ state }: RunRecord): string => (state === 'putting-back' ? 'being put back' : state);
