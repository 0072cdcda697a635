import type { Preview, Section } from '#chatops';
import { counted, DrError, formatBytes, hashOf, type Text } from '#core';
import { sayRetention } from '#plan';
import { type Candidate, type Kept, type PruneList, pruneList, TIERS, unitName } from '#retention';
import { candidateLines } from './candidate-lines.ts';
import { type PruneWorld, retentionOf } from './retention-of.ts';

/** More than this in one run would be a list that nobody can look over; the next run takes the rest. */
const MOST = 5_000;

/**
 * What nothing needs any more, why, and from when it could go; and what a run with --apply would delete, which is what
 * people approve: exactly that list. Reads only. Throws WRONG_STATE (user) when --apply would delete nothing.
 */
export async function prunePreview({ apply }: { apply: boolean }, world: PruneWorld): Promise<Preview> {
  const list = await pruneList(retentionOf(world), AbortSignal.timeout(10 * 60_000));
  const names = list.ripe.slice(0, MOST);
  if (apply && names.length === 0) {
    throw new DrError('WRONG_STATE', 'user', 'Nothing may be deleted now. Nothing was changed.', {
      hint: 'What could go, and from when: /dr prune',
    });
  }
  const going = list.candidates.filter(({ unit }) => names.includes(unitName(unit)));
  const bytes = bytesOf(going);
  return {
    title: `prune of ${counted(going.length, 'thing')}, ${formatBytes(bytes)}`,
    job: 'prune',
    payload: { sweep: names },
    facts: { things: names.length, bytes, list: hashOf(names) },
    limits: {},
    live: {},
    sections: sectionsOf(list, going),
    details: keptSections(list.keep),
    effect: going.length > 0 ? 'What is deleted does not come back.' : 'Nothing would be deleted.',
    smallPrint: [
      `Kept: ${TIERS.map((tier) => `${tier} ${sayRetention(world.plan.mongodb.thinning[tier])}`).join(', ')}; `,
      `any second of the last ${counted(world.plan.mongodb.continuousWindowDays, 'day')} where the log is whole. `,
      'Keep one for longer: /dr backups hold and its number.',
    ],
  };
}

function sectionsOf({ candidates }: PruneList, going: readonly Candidate[]): Section[] {
  const rest = candidates.filter((each) => !going.includes(each));
  const groups: [string, readonly Candidate[]][] = [
    ['Goes now, in every region', going],
    ['Marked', rest.filter(({ marked, retained }) => marked !== 'not yet' && !retained)],
    [
      'Not needed, marked with the next daily round',
      rest.filter(({ marked, retained }) => marked === 'not yet' && !retained),
    ],
    ['Not needed, and locked', rest.filter(({ retained }) => retained)],
  ];
  const filled = groups.filter(([, each]) => each.length > 0);
  if (filled.length === 0) return [{ lines: [['Everything in the vault is needed.']] }];
  return filled.map(([heading, each]) => ({
    heading: `${heading}: ${counted(each.length, 'thing')}, ${formatBytes(bytesOf(each))}`,
    lines: candidateLines(each),
  }));
}

/** How much stays, by the first reason of each. */
function keptSections(keep: readonly Kept[]): Section[] {
  const byReason = new Map<string, { count: number; bytes: number }>();
  for (const { unit, why } of keep) {
    const reason = generalised(why[0] ?? '');
    const before = byReason.get(reason) ?? { count: 0, bytes: 0 };
    byReason.set(reason, { count: before.count + 1, bytes: before.bytes + unit.bytes });
  }
  const lines = [...byReason].map(
    ([reason, { count, bytes }]): Text => [`${reason}: ${counted(count, 'thing')}, ${formatBytes(bytes)}`],
  );
  return lines.length > 0 ? [{ heading: 'Stays', lines }] : [];
}

/** `B-1124-0800 stands on it` is a reason of one; as a group it is "others stand on it". */
const generalised = (why: string): string => (/^B-\S+ stands on it$/.test(why) ? 'others stand on it' : why);

const bytesOf = (candidates: readonly Candidate[]): number => candidates.reduce((sum, { unit }) => sum + unit.bytes, 0);

/** The daily round. It needs nobody: it deletes only where plan.yaml says that the schedule may. */
export async function pruneDailyPreview(world: PruneWorld): Promise<Preview> {
  const applies = world.plan.mongodb.prune.applyBySchedule;
  const list = applies ? await pruneList(retentionOf(world), AbortSignal.timeout(10 * 60_000)) : undefined;
  const names = (list?.ripe ?? []).slice(0, MOST);
  const deletes: Text = applies
    ? [`Deletes ${counted(names.length, 'thing')} that was marked long enough ago: plan.yaml says so.`]
    : ['Deletes nothing: people do, with /dr prune --apply'];
  return {
    title: 'daily round of the vault',
    job: 'prune-daily',
    payload: { sweep: names },
    facts: { things: names.length, list: hashOf(names) },
    limits: {},
    live: {},
    sections: [
      {
        lines: [['Marks what nothing needs any more, and makes the locks of what stays as long as its term.'], deletes],
      },
    ],
    details: [],
    effect: names.length > 0 ? 'What is deleted does not come back.' : 'Nothing is deleted.',
    smallPrint: [],
  };
}
