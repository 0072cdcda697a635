import { type Clock, DrError, type Region } from '#core';
import type { ReplicaSetView } from '#ports';
import type { MoveFacts } from './facts.ts';
import { factOf, rolesAfterFailback } from './member-roles.ts';
import {
  configurationFor,
  findPrimary,
  type MovePreview,
  pick,
  unknownRegion,
  weightsAfter,
} from './preview-failover.ts';
import { FAILBACK_STEPS } from './step-names.ts';
import { notReady, survey } from './survey.ts';
import type { FailoverWorld } from './world.ts';

/** Works out a failback to the plan's primary region, touching nothing. As `previewFailover`. */
export async function previewFailback(
  world: FailoverWorld,
  input: { readonly to: string },
  clock: Clock,
): Promise<MovePreview> {
  const { settings } = world;
  const { trafficPercent, ...bounds } = settings.failback;
  const limits = { ...bounds, lossWrites: 0 };
  const refused = (...problems: DrError[]): MovePreview => ({ facts: undefined, limits, live: undefined, problems });
  const target = settings.regions.find(({ region }) => region === input.to);
  if (!target)
    return refused(
      unknownRegion(
        input.to,
        settings.regions.map(({ region }) => region),
      ),
    );
  if (target.role !== 'primary') return refused(notThePrimaryRegion(target.region, world));
  const to = target.region;
  const where = await findPrimary(world);
  if (where instanceof DrError) return refused(where);
  const { view, primary, region: from } = where;
  if (from === to) {
    const message = `${to} already has the primary database: there is nothing to fail back. Nothing was changed.`;
    return refused(new DrError('REGION_ALREADY_ACTIVE', 'user', message, { hint: 'Look: /dr status' }));
  }
  const silent = unreachableMembers(view, to);
  if (silent) return refused(silent);
  const found = await survey(world, clock, { view, primary, from, to, votesTaken: 0, pauseLimitMs: limits.pauseMs });
  const problems = found.reasons.length > 0 ? [notReady(to, found.reasons)] : [];
  const resolved = found.weights.length > 0 && found.replicas.size === 2;
  if (!found.candidate || !resolved) return { facts: undefined, limits, live: found.live, problems };
  const { replicas, configurationKeys: keys } = settings.service;
  const facts: MoveFacts = {
    move: 'failback',
    from,
    to,
    primaryBefore: primary.host,
    primaryAfter: found.candidate.host,
    configVersion: view.configVersion,
    membersBefore: view.members.map(factOf),
    membersAfter: rolesAfterFailback(view, to, from),
    steps: [...FAILBACK_STEPS],
    weightsBefore: [...found.weights],
    weightsAfter: weightsAfter(found.weights, from, to),
    trafficPercent: [...trafficPercent],
    replicasBefore: [...found.replicas].map(([region, { wanted }]) => ({ region, replicas: wanted })),
    replicasAfter: [
      { region: to, replicas: replicas.active },
      { region: from, replicas: replicas.standby },
    ],
    configurationBefore: pick(found.configuration, Object.values(keys)),
    configurationAfter: configurationFor(world, to),
  };
  return { facts, limits, live: found.live, problems };
}

function notThePrimaryRegion(region: Region, { settings }: FailoverWorld): DrError {
  const home = settings.regions.find(({ role }) => role === 'primary')?.region ?? 'the primary region';
  return new DrError(
    'ARGUMENTS_INVALID',
    'user',
    `A failback goes to ${home}, not to ${region}. Nothing was changed.`,
    {
      hint: `To move to ${region}: /dr failover ${region}`,
    },
  );
}

/** A region of which not one member answers is not "not ready" but gone: nothing there can be brought level. */
function unreachableMembers(view: ReplicaSetView, region: Region): DrError | undefined {
  const members = view.members.filter((member) => member.region === region);
  if (members.length === 0 || members.some(({ state }) => state !== 'unreachable')) return undefined;
  const hosts = members.map(({ host }) => host);
  const message = `${region} is not reachable: no answer from ${hosts.join(', ')}. Nothing was changed.`;
  return new DrError('REGION_UNREACHABLE', 'user', message, {
    hint: 'Bring its database members back first; they catch up by themselves. Then ask again.',
    data: { region, hosts },
  });
}
