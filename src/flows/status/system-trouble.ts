import type { Region, Text } from '#core';
import type { Plan } from '#plan';
import { captureTrouble } from '../backups/capture-words.ts';
import type { Surroundings } from './look-around.ts';
import { servedFrom } from './serving.ts';

/** What is wrong with the protected system, the worst first. Only what was seen: what is not known is told elsewhere. */
export function systemTrouble(seen: Surroundings, plan: Plan): Text[] {
  return [
    ...databaseTrouble(seen),
    ...trafficTrouble(seen, plan),
    ...serviceTrouble(seen, plan),
    ...backupTrouble(seen),
    ...continuousTrouble(seen, plan),
  ];
}

function databaseTrouble({ database }: Surroundings): Text[] {
  if (!database.known) return [];
  const { members } = database.value;
  const primaries = members.filter(({ state }) => state === 'primary');
  const hosts = (list: typeof members): string => list.map(({ host }) => host).join(', ');
  const silent = members.filter(({ state }) => state === 'unreachable');
  const behind = members.filter(({ state }) => state === 'recovering' || state === 'rollback');
  return [
    ...(primaries.length === 0 ? [['the database has no primary']] : []),
    ...(primaries.length > 1 ? [[`${primaries.length} members say that they are primary: ${hosts(primaries)}`]] : []),
    ...(primaries.some(({ blocked }) => blocked) ? [['writes are blocked']] : []),
    ...(silent.length > 0 ? [[`${hosts(silent)} ${silent.length === 1 ? 'does' : 'do'} not answer`]] : []),
    ...behind.map(({ host, state }) => [`${host} is in ${state}`]),
  ];
}

function trafficTrouble({ traffic }: Surroundings, plan: Plan): Text[] {
  if (!traffic.known) return [];
  const failed = sum(traffic.value.byRegion.map((each) => each.failed));
  const acknowledged = sum(traffic.value.byRegion.map((each) => each.acknowledged));
  const percent = (failed / Math.max(1, failed + acknowledged)) * 100;
  if (percent < plan.thresholds.errorRatePercent) return [];
  return [[`${percent.toFixed(0)} % of writes fail (limit ${plan.thresholds.errorRatePercent} %)`]];
}

/** Where the system is served from, and where it would go: both must answer. */
function serviceTrouble(seen: Surroundings, plan: Plan): Text[] {
  const serving = servedFrom(seen);
  return [...seen.replicas].flatMap(([region, fact]): Text[] => {
    if (!fact.known || fact.value.ready >= fact.value.wanted) return [];
    return [
      [
        `${fact.value.ready} of ${fact.value.wanted} ${plan.service.kubernetes.deployment} answer in ${region}${serving.includes(region) ? '' : ' (standby)'}`,
      ],
    ];
  });
}

function backupTrouble({ backups }: Surroundings): Text[] {
  if (!backups.known) return [];
  const [newest] = backups.value.backups;
  const silent = backups.value.unreachable.map(({ region }): Region => region);
  return [
    ...(newest?.state === 'DAMAGED' ? [[`the newest backup, ${newest.header.backup}, is damaged`]] : []),
    ...(newest?.state === 'UNREADABLE' ? [[`the newest backup, ${newest.place.backup}, can not be read`]] : []),
    ...(silent.length > 0 ? [[`no answer from the vault in ${silent.join(', ')}`]] : []),
  ];
}

/** That it has not begun yet is no trouble while nothing is backed up either: the card says so in its own words. */
function continuousTrouble({ capture, backups, at: now }: Surroundings, plan: Plan): Text[] {
  if (!plan.mongodb.continuous.enabled || !capture.known) return [];
  if (!capture.value && backups.known && backups.value.backups.length === 0) return [];
  const trouble = captureTrouble(capture.value, now);
  return trouble ? [trouble] : [];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
