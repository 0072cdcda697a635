import { DrError, type Region, utc } from '#core';
import type { FenceView, ReplicaSetView } from '#ports';
import type { FencedBy } from './facts.ts';

/** No machine is named: there is nothing to build on. */
export const noMachine = (to: Region): DrError =>
  new DrError(
    'REGION_NOT_READY',
    'user',
    `${to} is not ready: it is a cold standby, and plan.yaml names no machine for a database there. Nothing was changed.`,
    {
      hint: `name it in regions.${to}.database_host, its agent in HOLDFAST_MEMBER_AGENTS, then: dr plan check`,
      data: { region: to, reasons: ['plan.yaml names no machine for a database there'] },
    },
  );

/**
 * Why a cold region is not what helps: a database that has more than the vault still answers. Undefined where all of it is lost.
 * Members that answer and can't lead (recovering, in rollback) have no say: they are told of by the preview.
 */
export function refuseWhileWarm(view: ReplicaSetView | undefined, to: Region): DrError | undefined {
  const members = view?.members ?? [];
  const primary = members.find(({ state }) => state === 'primary');
  if (primary) {
    const where = primary.region ?? 'another region';
    return new DrError(
      'WRONG_STATE',
      'user',
      `The database is not lost: ${primary.host} in ${where} is its primary. ${to} would begin without what the vault lacks. Nothing was changed.`,
      { hint: 'look what is wrong: /dr health; what helps: /dr playbook application' },
    );
  }
  const survivor = members.find(({ state }) => state === 'secondary');
  if (!survivor) return undefined;
  const newest = survivor.appliedAt ? `, with everything up to ${utc(survivor.appliedAt)}` : '';
  return new DrError(
    'WRONG_STATE',
    'user',
    `${survivor.region ?? 'A region'} could serve: ${survivor.host} survives${newest}. ${to} would lose more and take longer. Nothing was changed.`,
    { hint: `/dr failover ${survivor.region ?? '<region>'} --unplanned --reason "..."` },
  );
}

/**
 * How each region is known to take no writes once the run has closed its lease. A region whose lease is not open, and in which nobody
 * ever renewed one, can't write where the service keeps to leases: that it does is seen by the instances of another region.
 */
export function fencesOf(views: readonly FenceView[]): { readonly from: FencedBy[]; readonly open: FenceView[] } {
  const keepsToLeases = views.some(({ standing, silentMs }) => standing !== 'not-provable' && silentMs !== undefined);
  const from: FencedBy[] = [];
  const open: FenceView[] = [];
  for (const view of views) {
    if (view.standing !== 'not-provable') from.push({ region: view.region, by: 'proof' });
    else if (view.lease !== 'open' && keepsToLeases) from.push({ region: view.region, by: 'never-open' });
    else open.push(view);
  }
  return { from, open };
}

/** No card to approve: two databases that both take writes would be worse than none. */
export function notProvableFor(views: readonly FenceView[], to: Region): DrError {
  const regions = views.map(({ region }) => region).join(' and ');
  const why = views.flatMap(({ reasons }) => reasons).join('; ');
  return new DrError(
    'FENCE_NOT_PROVED',
    'user',
    `CANNOT START - ${regions} may still take writes${why ? `: ${why}` : ''}. Building ${to} now could leave two databases. Nothing was changed.`,
    {
      hint: `stop or isolate the database's machines in ${regions}, then ask again: /dr failover ${to}`,
      data: { regions: views.map(({ region }) => region), reasons: views.flatMap(({ reasons }) => [...reasons]) },
    },
  );
}
