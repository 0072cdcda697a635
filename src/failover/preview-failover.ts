import { type Clock, DrError, type Region } from '#core';
import { rolesAfterFailover } from './member-roles.ts';
import { type Direction, type MoveInput, type MovePreview, previewMove } from './preview-move.ts';
import type { FailoverSettings } from './settings.ts';
import { FAILOVER_STEPS } from './step-names.ts';
import { notReady } from './survey.ts';
import type { FailoverWorld } from './world.ts';

/** Works out a planned failover, touching nothing. As `previewMove`. */
export const previewFailover = (world: FailoverWorld, input: MoveInput, clock: Clock): Promise<MovePreview> =>
  previewMove(world, input, awayFromPrimary(world.settings), clock);

const awayFromPrimary = ({ planned }: FailoverSettings): Direction => ({
  move: 'planned failover',
  steps: [...FAILOVER_STEPS],
  trafficPercent: [],
  limits: { ...planned, lossWrites: 0 },
  refusesTarget: ({ region, role }) =>
    role === 'cold-standby'
      ? notReady(region, ['it is a cold standby: it holds backups and serves nobody'])
      : undefined,
  alreadyThere,
  refusesSet: () => undefined,
  votesTaken: (view, from) => view.members.filter(({ region, votes }) => region === from && votes > 0).length,
  rolesAfter: (view, from, _to, primary) => rolesAfterFailover(view, from, primary),
});

export const alreadyThere = (region: Region): DrError =>
  new DrError('REGION_ALREADY_ACTIVE', 'user', `${region} already has the primary database. Nothing was changed.`, {
    hint: 'Look: /dr status',
  });
