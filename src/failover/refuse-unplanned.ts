import { DrError, type Region } from '#core';
import type { ReplicaSetView } from '#ports';
import { alreadyThere } from './preview-failover.ts';
import type { FailoverSettings, RegionSettings } from './settings.ts';
import { notReady } from './survey.ts';
import { survivorIn } from './survivor.ts';

/** A region without a database of its own has nothing that could be forced to lead. */
export function refuseTarget({ region, role }: RegionSettings): DrError | undefined {
  if (role !== 'cold-standby') return undefined;
  return notReady(region, ['it is a cold standby: no member of the database survives there, only backups']);
}

/**
 * Why the set as it is now is no case for force: the target leads already, still sees a primary that can be moved in order, or
 * has nobody who could lead.
 */
export function refuseSet(
  view: ReplicaSetView | undefined,
  to: Region,
  { regions }: FailoverSettings,
): DrError | undefined {
  const here = view?.members.filter(({ region }) => region === to) ?? [];
  if (here.some(({ state }) => state === 'primary')) return alreadyThere(to);
  const survivor = view && survivorIn(view, to);
  if (!view || !survivor) {
    const silent = here.filter(({ state }) => state === 'unreachable').map(({ host }) => host);
    const unfit = here.filter(({ state }) => state === 'recovering' || state === 'rollback');
    const reasons = [
      ...(silent.length > 0 || !view ? [`no answer from ${silent.join(', ') || 'any database member'}`] : []),
      ...unfit.map(({ host, state }) => `${host} is not caught up (${state})`),
      ...(view && here.length === 0 ? ['it has no database member'] : []),
    ];
    return coldIsLeft(to, reasons, regions);
  }
  const leader = here.find(({ seesPrimary }) => seesPrimary !== undefined)?.seesPrimary;
  if (!leader) return undefined;
  const answers = view.members.some(({ host, state }) => host === leader && state === 'primary');
  return answers ? useThePlanned(leader, to) : stillSeen(leader, survivor.host, to);
}

function coldIsLeft(to: Region, reasons: readonly string[], regions: FailoverSettings['regions']): DrError {
  const cold = regions.find(({ role }) => role === 'cold-standby')?.region;
  return new DrError('REGION_NOT_READY', 'user', `${to} is not ready: ${reasons.join('; ')}. Nothing was changed.`, {
    data: { region: to, reasons },
    hint: cold
      ? `bring a member in ${to} back; where none is left, the cold standby ${cold} is built from the vault: /dr failover ${cold} --reason "..."`
      : `bring a member in ${to} back; where none is left, restore from the vault: /dr restore latest`,
  });
}

const useThePlanned = (leader: string, to: Region): DrError =>
  new DrError('WRONG_STATE', 'user', `${leader} is the primary and ${to} sees it. Nothing was changed.`, {
    hint: `no write needs to be lost: /dr failover ${to} --planned`,
  });

const stillSeen = (leader: string, survivor: string, to: Region): DrError =>
  new DrError(
    'WRONG_STATE',
    'user',
    `${survivor} still sees ${leader} as the primary, which does not answer here. Nothing was changed.`,
    { hint: `a dead primary is seen for up to 10 s longer; then: /dr failover ${to} --unplanned` },
  );
