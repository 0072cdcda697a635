import { DrError } from '#core';

/**
 * `driver_logs, eld.trips, billing.*` as namespaces: without a database it is the first. Throws ARGUMENTS_INVALID (user)
 * when nothing is named: nothing must never come to mean everything.
 */
export function namespacesOf(only: string, databases: readonly string[]): string[] {
  const names = only
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length > 0) return [...new Set(names.map((name) => namespaceIn(name, databases)))];
  throw new DrError('ARGUMENTS_INVALID', 'user', '--only names nothing. Nothing was changed.', {
    hint: `Name collections, or leave it out for all: --only ${databases[0]}.driver_logs,${databases[0]}.*`,
  });
}

/** `driver_logs` or `eld.driver_logs`: without a database, the first of them. */
export const namespaceIn = (name: string, databases: readonly string[]): string =>
  databases.some((database) => name.startsWith(`${database}.`)) ? name : `${databases[0]}.${name}`;
