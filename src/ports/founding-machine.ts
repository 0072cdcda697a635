import type { Region } from '#core';
import type { MemberHost } from './member-hosts.ts';

/**
 * Why a new database can not be founded on a cold region's machine, as clauses; empty where it can. A server that runs there, or
 * data of one, may be somebody's last copy.
 */
export function unfitToFound({ host, region, state, empty }: MemberHost, wanted: Region): string[] {
  const elsewhere = region === wanted ? [] : [`${host} is in ${region}`];
  if (state === 'running' || state === 'alone') return [...elsewhere, `${host} runs a database already`];
  return empty === false ? [...elsewhere, `the data folder of ${host} is not empty`] : elsewhere;
}
