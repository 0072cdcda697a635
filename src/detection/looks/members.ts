import { formatDuration, type Region } from '#core';
import type { Look, Member, ReplicaSetView } from '#ports';
import { failed, unseen, well } from './answers.ts';

type View = () => Promise<ReplicaSetView>;

/** It answers and has data that can be read. */
const works = ({ state }: Member): boolean => state === 'primary' || state === 'secondary';

const own = async (view: View, region: Region): Promise<readonly Member[]> =>
  (await view()).members.filter((member) => member.region === region && member.state !== 'arbiter');

const sayStates = (members: readonly Member[]): string =>
  members.map(({ host, state }) => `${host} ${state === 'unreachable' ? 'does not answer' : `is ${state}`}`).join(', ');

/** Whether any member of a region works. One that is left is enough here: what is lost is `redundancyLook`'s. */
export const membersLook =
  (view: View, region: Region): Look =>
  async () => {
    const members = await own(view, region);
    if (members.length === 0) return unseen(`no member is tagged ${region}`);
    const working = members.filter(works);
    const count = `${working.length} of ${members.length}`;
    if (working.length > 0) return well(`${count} members work`, { working: working.length, members: members.length });
    return failed('database does not answer', `${count} members work: ${sayStates(members)}`, {
      numbers: { working: 0, members: members.length },
    });
  };

/** Whether all members of a region work. */
export const redundancyLook =
  (view: View, region: Region): Look =>
  async () => {
    const members = await own(view, region);
    const lost = members.filter((member) => !works(member));
    if (members.length === 0) return unseen(`no member is tagged ${region}`);
    if (lost.length === 0) return well(`all ${members.length} work`, { lost: 0 });
    // the whole is not there: that is told by what speaks for the check
    if (lost.length === members.length) return unseen('none works');
    return failed(`database lost ${lost.length} of ${members.length} members`, sayStates(lost), {
      effect: ['Writes go on. The loss of another member may end them.'],
      numbers: { lost: lost.length, members: members.length },
    });
  };

/** Whether there is exactly one member that takes writes. */
export const primaryLook =
  (view: View): Look =>
  async () => {
    const { members } = await view();
    const primaries = members.filter(({ state }) => state === 'primary');
    const [primary] = primaries;
    const silent = members.filter((member) => !works(member));
    // where it should be: what can be elected, the readiest first
    const home = [...members].filter(({ votes }) => votes > 0).sort((a, b) => b.priority - a.priority)[0]?.region;
    const where = home ? { where: home } : {};
    const numbers = { primaries: primaries.length, silent: silent.length, members: members.length };
    if (!primary) {
      const reason = silent.length > 0 ? `: ${sayStates(silent)}` : '';
      return failed('database has no primary', `${silent.length} of ${members.length} members do not work${reason}`, {
        ...where,
        numbers,
      });
    }
    if (primaries.filter(({ writable }) => writable).length > 1) {
      const hosts = primaries.map(({ host }) => host).join(' and ');
      return failed('database has two primaries', `${hosts} both take writes: one side's will be rolled back`, {
        numbers,
      });
    }
    if (primary.blocked)
      return failed('database refuses writes', `a write block is on at ${primary.host}`, { numbers });
    return well(`${primary.host} takes writes`, numbers);
  };

/** How far the best member of a region is behind the primary. */
export const lagLook =
  (view: View, region: Region, limitMs: number): Look =>
  async () => {
    const { members } = await view();
    const primary = members.find(({ state }) => state === 'primary');
    const applied = members.flatMap((each) =>
      each.region === region && each.appliedAt && works(each) ? [each.appliedAt] : [],
    );
    if (!primary?.appliedAt) return unseen('there is no primary to compare with');
    if (applied.length === 0) return unseen('no member there says how far it is');
    const newest = Math.max(...applied.map((at) => at.getTime()));
    const lagMs = Math.max(0, primary.appliedAt.getTime() - newest);
    const words = `${formatDuration(lagMs)} behind, limit ${formatDuration(limitMs)}`;
    if (lagMs <= limitMs) return well(words, { lagMs });
    return failed('database is behind', words, {
      effect: [`${region} is not fit for a planned failover, and an unplanned one would lose what is missing there.`],
      numbers: { lagMs, limitMs },
    });
  };

/** How often another primary was elected within the plan's window, as far as this process has seen. */
export function electionsLook(
  view: View,
  limit: { readonly changes: number; readonly withinMs: number },
  nowMs: () => number,
): Look {
  const terms: { term: number; atMs: number }[] = [];
  return async () => {
    const { members } = await view();
    const term = Math.max(0, ...members.map(({ applied }) => applied?.term ?? 0));
    if (term === 0) return unseen('no member says which term it is');
    if (term > (terms.at(-1)?.term ?? 0)) terms.push({ term, atMs: nowMs() });
    // the last one before the window stays: changes are counted from it
    while (terms.length > 1 && nowMs() - (terms[1]?.atMs ?? 0) > limit.withinMs) terms.shift();
    const elections = term - (terms[0]?.term ?? term);
    const words = `${elections} elections in ${formatDuration(limit.withinMs)}`;
    if (elections < limit.changes) return well(words, { elections });
    return failed('database changes its primary again and again', words, {
      effect: ['Each election stops writes for seconds.'],
      numbers: { elections },
    });
  };
}
