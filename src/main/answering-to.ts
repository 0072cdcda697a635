import type { Region } from '#core';
import { type Report, readReports } from '#detection';
import type { Plan } from '#plan';
import type { ControlStore, FenceView, ReplicaSet } from '#ports';

interface Parts {
  readonly plan: Plan;
  readonly replicaSet: Pick<ReplicaSet, 'look'>;
  readonly store: ControlStore;
  readonly region: Region | undefined;
}

/**
 * Which members of a region answer, and to whom: to this process by asking them now, to other regions by what their detectors
 * reported last. Only for people to read; what can't be asked is left out.
 */
export async function answeringTo(of: Region, parts: Parts): Promise<FenceView['answering']> {
  const { plan, replicaSet, store, region: here } = parts;
  const [view, reports, now] = await Promise.all([
    replicaSet.look().catch(() => undefined),
    readReports(store),
    store.now(),
  ]);
  const members = view?.members.filter(({ region }) => region === of) ?? [];
  const toHere = members.flatMap(({ host, state }) => (here && state !== 'unreachable' ? [{ host, to: here }] : []));
  const silentMs = plan.detection.silentAfterSeconds * 1_000;
  const elsewhere = reports
    .filter(({ id, at }) => id !== here && now.getTime() - at.getTime() <= silentMs)
    .flatMap((report) =>
      members.filter(({ host }) => answered(report, of, host)).map(({ host }) => ({ host, to: report.id })),
    );
  return [...toHere, ...elsewhere];
}

/** A report says how many members work, and names those that do not. */
function answered({ stands }: Report, of: Region, host: string): boolean {
  const last = (name: string) => stands.find((stand) => stand.region === of && stand.name === name)?.last;
  const [members, redundancy] = [last('members'), last('redundancy')];
  if (members?.state !== 'well') return false;
  return redundancy?.state !== 'failed' || !JSON.stringify(redundancy.words).includes(`${host} does not answer`);
}
