import { DrError } from '#core';
import type { ServerKind, SetDescription } from '#ports';
import type { ManifestHeader } from '#vault';
import type { RestorePoint } from './restore-point.ts';

/** A cluster that a restore may go to, what is known of the protected set, and what is to be restored. */
export interface Judged {
  /** As plan.yaml calls it. */
  readonly name: string;
  readonly there: SetDescription;
  /** The protected set as it is now; undefined while it does not answer. */
  readonly live: SetDescription | undefined;
  /** Its name by the plan: all that tells it apart while it does not answer and the backup does not say either. */
  readonly liveName: string;
  readonly source: ManifestHeader['source'];
  /** With `until`, what was captured after the backup counts too. */
  readonly point: Pick<RestorePoint, 'until'>;
}

/**
 * Whether a cluster can take what is to be restored. Pure. Throws NOT_ALLOWED (user) when it is the protected set, and
 * TARGET_UNFIT (user) when it is no replica set, does not say enough of itself, is older than what was backed up, or takes
 * no writes; each with the next thing to do.
 */
export function refuseUnfit(judged: Judged): void {
  const { name, there } = judged;
  if (there.set === undefined)
    throw unfit(`${name} is a server of its own, and a restore goes to a replica set`, START_SET);
  if (there.setId === undefined)
    throw unfit(`${name} does not let itself be told from the protected set`, right('replSetGetConfig'));
  if (isLive(judged)) {
    throw new DrError('NOT_ALLOWED', 'user', `${name} is the protected replica set itself. Nothing was changed.`, {
      hint: 'To restore beside the live data leave --on out. To another cluster: correct the address that plan.yaml names for it.',
    });
  }
  refuseOlder(judged);
  if (there.blocked)
    throw unfit(`Somebody blocked writes on ${name}`, 'Ask whoever did; it ends with setUserWriteBlockMode there.');
}

const START_SET = 'Start it with --replSet, also when it is alone.';

const right = (action: string): string =>
  `Give its user ${action} on the cluster: docs/operations.md, "Other clusters".`;

/** By the ids of processes and sets: addresses say little, one server may have many. */
function isLive({ there, live, liveName, source }: Judged): boolean {
  if (live?.processes.some((id) => there.processes.includes(id))) return true;
  const liveId = live ? live.setId : source?.setId;
  return liveId === undefined ? there.set === liveName : there.setId === liveId;
}

function refuseOlder(judged: Judged): void {
  const { name, there } = judged;
  const wrote = writtenBy(judged);
  if (!wrote) return;
  if (compareReleases(there.version, wrote.version) < 0) {
    throw unfit(
      `${name} runs MongoDB ${there.version}, and what is to be restored was written by ${wrote.version}`,
      `Upgrade ${name} to ${releaseOf(wrote.version)} or later, or take another cluster.`,
    );
  }
  if (there.featureVersion === undefined)
    throw unfit(`${name} does not say its feature version`, right('getParameter'));
  const needed = wrote.featureVersion ?? releaseOf(wrote.version);
  if (compareReleases(there.featureVersion, needed) < 0) {
    throw unfit(
      `${name} stores data as of MongoDB ${there.featureVersion}, and what is to be restored may need ${needed}`,
      `There: db.adminCommand({ setFeatureCompatibilityVersion: "${needed}" })`,
    );
  }
}

type Wrote = Pick<ServerKind, 'version'> & { readonly featureVersion?: string | undefined };

/**
 * The servers that wrote it: the backup's; of what was captured since, the newer of these and the live ones, which may have
 * been upgraded in between. Undefined where neither is known.
 */
function writtenBy({ source, live, point }: Judged): Wrote | undefined {
  if (!source || !live || !point.until) return source ?? live;
  return compareReleases(live.version, source.version) >= 0 ? live : source;
}

/** `6.0` of `6.0.5`: within a release servers understand one another's data. */
export const releaseOf = (version: string): string => version.split('.').slice(0, 2).join('.');

function compareReleases(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => releaseOf(version).split('.').map(Number));
  return (left?.[0] ?? 0) - (right?.[0] ?? 0) || (left?.[1] ?? 0) - (right?.[1] ?? 0);
}

const unfit = (what: string, hint: string): DrError =>
  new DrError('TARGET_UNFIT', 'user', `${what}. Nothing was changed.`, { hint });
