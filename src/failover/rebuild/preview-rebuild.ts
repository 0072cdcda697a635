import { asDrError, closest, DrError, type Region } from '#core';
import type { ReplicaSetView } from '#ports';
import { givenUp } from '../given-up.ts';
import { REBUILD_STEPS, type RebuildFacts, type ReturnedMember } from './facts.ts';
import { lookAtMembers } from './members-view.ts';
import type { RebuildWorld } from './world.ts';

export interface RebuildPreview {
  readonly facts: RebuildFacts;
  readonly members: readonly ReturnedMember[];
}

/** What a rebuild of this region would do, touching nothing. Throws what stands in its way, with the way out. */
export async function previewRebuild(
  world: RebuildWorld,
  asked: { readonly region: Region; readonly wipe: boolean },
): Promise<RebuildPreview> {
  const { region, wipe } = asked;
  const view = await lookPatiently(world);
  const primary = view.members.find(({ state }) => state === 'primary');
  if (!primary) {
    throw new DrError('REGION_UNREACHABLE', 'user', 'The database has no primary to follow. Nothing was changed.', {
      hint: 'First a region has to serve: /dr status',
    });
  }
  const ours = view.members.filter((member) => member.region === region && member.state !== 'arbiter');
  if (ours.length === 0) throw unknown(region, view);
  if (primary.region === region) {
    throw new DrError('REGION_ALREADY_ACTIVE', 'user', `${region} has the primary database. Nothing was changed.`, {
      hint: 'Only a region that serves nobody is rebuilt. Look: /dr members',
    });
  }
  const voting = ours.filter(({ votes }) => votes > 0).map(({ host }) => host);
  if (voting.length > 0) {
    const message = `${voting.join(', ')} can vote: holding it could stop all writes. Nothing was changed.`;
    throw new DrError('WRONG_STATE', 'user', message, {
      hint: 'A failover takes the votes of the region that it leaves. Look: /dr members',
    });
  }
  const members = await lookAtMembers(world, { members: [...ours, primary] });
  const returned = members.filter((member) => member.region === region);
  const silent = world.hosts ? returned.filter(({ machine }) => !machine).map(({ host }) => host) : [];
  if (silent.length > 0) {
    throw new DrError(
      'REGION_UNREACHABLE',
      'user',
      `The agents of ${silent.join(', ')} do not answer. Nothing was changed.`,
      {
        hint: 'Bring these machines back first. What an agent is: docs/member-agent.md',
        data: { region, silent },
      },
    );
  }
  const lost = await givenUp(world.givenUp, region);
  const facts: RebuildFacts = {
    region,
    primary: primary.host,
    members: ours.map(({ host }) => host).sort(),
    wipe,
    byHand: world.hosts === undefined,
    ...(lost ? { lostIn: lost.run } : {}),
    steps: [...REBUILD_STEPS],
  };
  return { facts, members: returned };
}

async function lookPatiently({ replicaSet }: RebuildWorld): Promise<ReplicaSetView> {
  try {
    return await replicaSet.look();
  } catch (thrown) {
    const error = asDrError(thrown);
    if (error.kind !== 'transient') throw error;
    throw new DrError('REGION_UNREACHABLE', 'user', `${error.message} Nothing was changed.`, { hint: '/dr status' });
  }
}

function unknown(word: string, { members }: ReplicaSetView): DrError {
  const regions = [...new Set(members.flatMap(({ region }) => (region ? [region] : [])))];
  const near = closest(word, regions);
  return new DrError('REGION_UNKNOWN', 'user', `No member of the database is in "${word}". Nothing was changed.`, {
    hint: near ? `Did you mean ${near}?` : `Members are in ${regions.join(', ')}.`,
  });
}
