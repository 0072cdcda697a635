import { formatCount, formatDuration, type Region, type Text } from '#core';
import type { Plan } from '#plan';
import { regionsOf } from '#plan';
import type { Surroundings } from './look-around.ts';

/** The regions that DNS sends the system's users to, by the records as they are now; empty when they are not known. */
export const servedFrom = ({ weights }: Surroundings): Region[] =>
  weights.known ? weights.value.filter(({ weight }) => weight > 0).map(({ region }) => region) : [];

/** `us-east-1 serves ELD. 412 writes/s, 0 failed in 10 s`. */
export function servingLine(seen: Surroundings, plan: Plan): Text {
  return [`${whoServes(seen, plan)}. ${whatUsersSee(seen, plan)}`];
}

function whoServes({ weights }: Surroundings, { system }: Plan): string {
  if (!weights.known) return `Who serves ${system.name} is not known (${weights.why})`;
  const sharing = weights.value.filter(({ weight }) => weight > 0);
  const total = sharing.reduce((sum, { weight }) => sum + weight, 0);
  if (sharing.length === 0) return `DNS sends ${system.users} nowhere`;
  if (sharing.length === 1) return `${sharing[0]?.region} serves ${system.name}`;
  const shares = sharing.map(({ region, weight }) => `${region} ${Math.round((weight / total) * 100)} %`);
  return `${shares.join(', ')} of ${system.users}`;
}

function whatUsersSee({ traffic }: Surroundings, { system }: Plan): string {
  if (!traffic.known) return `What ${system.users} see is not known (${traffic.why})`;
  const { byRegion, windowMs } = traffic.value;
  const acknowledged = byRegion.reduce((sum, each) => sum + each.acknowledged, 0);
  const failed = byRegion.reduce((sum, each) => sum + each.failed, 0);
  const perSecond = acknowledged / Math.max(1, windowMs / 1000);
  const window = formatDuration(windowMs).replace('.0 s', ' s');
  return `${formatCount(perSecond)} writes/s, ${formatCount(failed)} failed in ${window}`;
}

/** `us-west-2 ready, 0.4 s behind. eu-west-1 holds backups`: every other region of the plan and what it is good for. */
export function otherRegionsLine(seen: Surroundings, plan: Plan): Text {
  const serving = servedFrom(seen);
  const others = regionsOf(plan).filter((region) => !serving.includes(region));
  return [others.map((region) => otherRegion(region, seen, plan)).join('. ')];
}

function otherRegion(region: Region, seen: Surroundings, plan: Plan): string {
  const services = seen.replicas.get(region);
  if (!services) return plan.mongodb.vaultBuckets[region] ? `${region} holds backups` : `${region} is cold`;
  if (!services.known) return `${region} not known (${services.why})`;
  const { ready, wanted } = services.value;
  const reasons = [
    ...(ready === 0 || ready < wanted ? [`${ready} of ${wanted} ${plan.service.kubernetes.deployment} answer`] : []),
    ...(memberIn(region, seen) === 'silent' ? ['its database member does not answer'] : []),
  ];
  const lag = seen.database.known ? lagIn(region, seen) : undefined;
  const behind = lag === undefined ? '' : `, ${formatDuration(lag)} behind`;
  // Without the database's word a region is not called ready.
  if (!seen.database.known) return `${region}: ${ready} of ${wanted} ${plan.service.kubernetes.deployment} answer`;
  return reasons.length === 0 ? `${region} ready${behind}` : `${region} NOT READY: ${reasons.join('; ')}${behind}`;
}

function memberIn(region: Region, { database }: Surroundings): 'answers' | 'silent' | 'not known' {
  if (!database.known) return 'not known';
  const members = database.value.members.filter((member) => member.region === region);
  if (members.length === 0) return 'not known';
  return members.some(({ state }) => state === 'secondary' || state === 'primary') ? 'answers' : 'silent';
}

/** How far the best member of a region is behind the primary, by the times they noted; undefined: nobody can say. */
export function lagIn(region: Region, { database }: Surroundings): number | undefined {
  if (!database.known) return undefined;
  const { members } = database.value;
  const ahead = members.find(({ state }) => state === 'primary')?.appliedAt;
  const applied = members.flatMap((member) =>
    member.region === region && member.appliedAt ? [member.appliedAt.getTime()] : [],
  );
  return ahead && applied.length > 0 ? Math.max(0, ahead.getTime() - Math.max(...applied)) : undefined;
}
