import { at, bold } from '#core';
import { allGivenUp, lookAtMembers } from '#failover';
import type { Card } from '#ports';
import { card, lines, small } from '../cards/parts.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { memberLines } from './member-words.ts';

/** `/dr members`: each member as the set and its machine tell of it, and which regions wait for their rebuild. */
export async function membersCard({ rebuild }: Pick<HoldfastWorld, 'rebuild'>): Promise<Card> {
  const view = await rebuild.replicaSet.look();
  const members = await lookAtMembers(rebuild, view);
  const regions = [...new Set(members.flatMap(({ region }) => (region ? [region] : [])))];
  const lost = await allGivenUp(rebuild.givenUp);
  return card(`${members.length} members of ${view.name}`, [
    lines([bold(`Members of ${view.name}`)]),
    ...regions.map((region) =>
      lines([bold(region)], ...members.filter((member) => member.region === region).flatMap(memberLines)),
    ),
    ...lost.map(({ id, run, at: since }) =>
      lines([`${id} was given up in ${run}, `, at(since), '.'], [`It is no way back before: /dr rebuild ${id}`]),
    ),
    small(
      rebuild.hosts ? 'As the members and their machines say.' : 'As the members say; no agent is on their machines.',
    ),
  ]);
}
