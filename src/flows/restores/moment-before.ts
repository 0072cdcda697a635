import { DrError, formatUtc, outside, RequestId, say, type Text, unreachable, utc } from '#core';
import { plainText, type TimelineEntry } from '#record';
import type { RunRecord } from '#workflow';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { beganToChange } from './began-to-change.ts';

type BeforeWorld = Pick<HoldfastWorld, 'timeline' | 'journal' | 'requests' | 'roster'>;

/** The last whole second before something happened, and what that was, for people. */
export interface MomentBefore {
  readonly moment: Date;
  readonly words: Text;
}

const BEFORE = /^before\s+(?:(R-[1-9][0-9]{0,8})|#([1-9][0-9]{0,11}))$/i;
/** What people wrote stands for itself, whatever the request was in whose thread they wrote it. */
const BY_PEOPLE = new Set<TimelineEntry['kind']>(['human', 'human-edited', 'human-deleted']);

/**
 * The moment that `before R-43` means, the second before that run began to change data, or `before #128`, the second
 * before that entry of the record; undefined for anything else. Throws TIME_INVALID or REQUEST_UNKNOWN (user), with the
 * next command, when there is no such number or nothing was changed under it.
 */
export async function momentBefore(typed: string, world: BeforeWorld): Promise<MomentBefore | undefined> {
  const [whole, run, entry] = BEFORE.exec(typed.trim()) ?? [];
  if (whole === undefined) {
    if (/^before\b/i.test(typed.trim())) throw invalid(`"${typed.trim().slice(0, 60)}" is not a moment`, HOW);
    return undefined;
  }
  return run === undefined ? beforeEntry(Number(entry), world) : beforeRun(RequestId.parse(run.toUpperCase()), world);
}

async function beforeRun(id: RequestId, world: BeforeWorld): Promise<MomentBefore> {
  const request = (await world.requests.get(id))?.value;
  const run = (await world.journal.get(id))?.value;
  if (!run && !request) {
    throw new DrError('REQUEST_UNKNOWN', 'user', `There is no ${id}. Nothing was changed.`, { hint: LOOK });
  }
  const began = run && beganToChange(run);
  if (!began) throw changedNothing(id, request?.command, run);
  const asker = request?.asker.person ? ` ${world.roster.name(request.asker.person)} asked for it.` : '';
  const { moment, time } = secondBefore(began.at);
  const what = outside(request?.preview?.preview.title ?? began.step);
  return { moment, words: say`${time}, one second before ${id} began to change data: ${what}.${asker}` };
}

async function beforeEntry(sequence: number, world: BeforeWorld): Promise<MomentBefore> {
  const entry = await entryNumber(sequence, world);
  const run = entry.request && (await world.journal.get(entry.request))?.value;
  const began = run && beganToChange(run);
  if (entry.request && !began && !BY_PEOPLE.has(entry.kind)) {
    const command = (await world.requests.get(entry.request))?.value.command;
    throw changedNothing(entry.request, command, run, entry);
  }
  const name = (person: Parameters<BeforeWorld['roster']['name']>[0]): string => world.roster.name(person);
  const what = outside(plainText(entry.text, name, entry.at));
  const stepAt = stepOf(entry, run);
  const { moment, time } = secondBefore(stepAt ?? entry.at);
  const whose = say`entry #${sequence} ${what}, ${whoseWords(entry, world)}`;
  return {
    moment,
    words: stepAt
      ? say`${time}, one second before the step began of which ${whose} tells.`
      : say`${time}, one second before ${whose}.`,
  };
}

async function entryNumber(sequence: number, { timeline }: BeforeWorld): Promise<TimelineEntry> {
  const [entry] = await timeline.read({ after: sequence - 1, limit: 1 });
  if (entry?.sequence === sequence) return entry;
  const head = await timeline.head();
  throw invalid(`The record has no entry #${sequence}${head ? `, its newest is #${head.sequence}` : ''}`, LOOK);
}

/** A step is told when it is done: what it changed, it changed before. */
function stepOf({ kind, data }: TimelineEntry, run: RunRecord | undefined): Date | undefined {
  if (kind !== 'step') return undefined;
  return run?.steps.find(({ name }) => name === data['step'])?.startedAt;
}

function whoseWords({ actor, request }: TimelineEntry, { roster }: BeforeWorld): Text {
  const of = request ? ` in ${request}` : '';
  if (actor === 'holdfast') return [`by Holdfast${of}`];
  if (typeof actor === 'string') return [`by ${roster.name(actor)}${of}`];
  if (typeof actor === 'object') return ['by ', outside(actor.outsider), of];
  return unreachable(actor);
}

/** A restore to a second has all of it, so it is the one before that in which something happened. */
function secondBefore(at: Date): { moment: Date; time: string } {
  const moment = new Date(Math.floor(at.getTime() / 1000) * 1000 - 1000);
  return { moment, time: formatUtc(moment, moment) };
}

const LOOK = 'Look for its number: /dr timeline';
const HOW =
  'Say the number of a run or of an entry: --to "before R-43" or --to "before #128". Look for it: /dr timeline';

function changedNothing(
  id: RequestId,
  command: string | undefined,
  run: RunRecord | undefined,
  entry?: TimelineEntry,
): DrError {
  const at = entry?.at ?? run?.startedAt;
  const which = command ? `${id} (${command})` : id;
  const what = entry ? `Entry #${entry.sequence} is of ${which}, which` : which;
  const why = run ? 'changed nothing in the data' : 'never ran, so it changed nothing';
  return invalid(
    `${what} ${why}`,
    at
      ? `If you mean the time, say it: --to "${utc(secondBefore(at).moment)}". What changed things: /dr timeline`
      : LOOK,
  );
}

const invalid = (what: string, hint: string): DrError =>
  new DrError('TIME_INVALID', 'user', `${what}. Nothing was changed.`, { hint });
