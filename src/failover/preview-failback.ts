import { type Clock, DrError, Region } from '#core';
import type { ReplicaSetView } from '#ports';
import { type GivenUpRegion, givenUp } from './given-up.ts';
import type { Leftover } from './leftovers.ts';
import { rolesAfterFailback } from './member-roles.ts';
import { type Direction, type MoveInput, type MovePreview, previewMove } from './preview-move.ts';
import type { FailoverSettings } from './settings.ts';
import { FAILBACK_STEPS } from './step-names.ts';
import type { FailoverWorld } from './world.ts';

/** Works out a failback to the plan's primary region, touching nothing. As `previewMove`. */
export async function previewFailback(world: FailoverWorld, input: MoveInput, clock: Clock): Promise<MovePreview> {
  const found = await previewMove(world, input, home(world.settings), clock);
  const [problem] = found.problems;
  if (problem && problem.code !== 'REGION_NOT_READY') return found;
  const lost = await givenUp(world.givenUp, Region.parse(input.to));
  if (lost) return { ...found, facts: undefined, problems: [notRebuilt(lost)] };
  if (problem) return found;
  const [left] = await world.leftovers.find({ where: { state: 'due' }, limit: 1 });
  return left ? { ...found, facts: undefined, problems: [notTidied(left.value)] } : found;
}

function home(settings: FailoverSettings): Direction {
  const { trafficPercent, ...bounds } = settings.failback;
  return {
    move: 'failback',
    steps: [...FAILBACK_STEPS],
    trafficPercent: [...trafficPercent],
    limits: { ...bounds, lossWrites: 0 },
    refusesTarget: ({ region, role }) => (role === 'primary' ? undefined : notThePrimaryRegion(region, settings)),
    alreadyThere,
    refusesSet: unreachableRegion,
    // Votes are taken back before, with writes open: see the step sync.
    votesTaken: () => 0,
    rolesAfter: (view, from, to) => rolesAfterFailback(view, to, from),
  };
}

/** Its members may have rolled back, or lack what the new side wrote: nobody has looked. */
function notRebuilt({ id, run }: GivenUpRegion): DrError {
  const message = `${id} was given up in ${run}, and its members were not rebuilt and proved equal since. Nothing was changed.`;
  return new DrError('REGION_NOT_READY', 'user', message, {
    hint: `/dr rebuild ${id}`,
    data: { region: id, run, reasons: ['it was not rebuilt'] },
  });
}

/** Done a moment later, it would change what people had just approved. */
function notTidied({ id }: Leftover): DrError {
  const message = `${id} has still to put right what it could not do without the lost region: DNS weights, configuration or the database's settings. Nothing was changed.`;
  return new DrError('REGION_NOT_READY', 'user', message, {
    hint: `It is tried every few seconds, and told in the thread of ${id}. Then ask again.`,
    data: { run: id, reasons: ['something is left to be put right'] },
  });
}

function alreadyThere(region: Region): DrError {
  const message = `${region} already has the primary database: there is nothing to fail back. Nothing was changed.`;
  return new DrError('REGION_ALREADY_ACTIVE', 'user', message, { hint: 'Look: /dr status' });
}

function notThePrimaryRegion(region: Region, { regions }: FailoverSettings): DrError {
  const primary = regions.find(({ role }) => role === 'primary')?.region ?? 'the primary region';
  const message = `A failback goes to ${primary}, not to ${region}. Nothing was changed.`;
  return new DrError('ARGUMENTS_INVALID', 'user', message, { hint: `To move to ${region}: /dr failover ${region}` });
}

/** A region of which not one member answers is not "not ready" but gone: nothing there can be brought level. */
function unreachableRegion(view: ReplicaSetView, region: Region): DrError | undefined {
  const members = view.members.filter((member) => member.region === region);
  if (members.length === 0 || members.some(({ state }) => state !== 'unreachable')) return undefined;
  const hosts = members.map(({ host }) => host);
  const message = `${region} is not reachable: no answer from ${hosts.join(', ')}. Nothing was changed.`;
  return new DrError('REGION_UNREACHABLE', 'user', message, {
    hint: 'Bring its database members back first; they catch up by themselves. Then ask again.',
    data: { region, hosts },
  });
}
