import { counted, DrError } from '#core';
import type { Plan } from '#plan';
import type { Namespace, RestoreTarget } from '#ports';
import { databasesOf, type Naming } from '#restore';
import { OURS } from '#vault';
import { namespaceIn, namespacesOf } from './name-choice.ts';

/** What is to be restored, and under which names. */
export interface NewNames {
  readonly naming: Naming;
  /** As `--only` says it; the whole database when left out. */
  readonly namespaces: readonly string[];
}

/**
 * Understands `--as eld_copy` (all of one database, or what `--only` chooses of it) and
 * `--as eld.driver_logs=eld.driver_logs_old`. Throws ARGUMENTS_INVALID (user) with how to say it.
 */
export function newNames(as: string, only: string | undefined, databases: readonly string[]): NewNames {
  if (as.includes('=')) return pairs(as, only, databases);
  const database = as.trim();
  if (!/^[^/\\. "$*<>:|?,\0]+$/.test(database) || Buffer.byteLength(database) > MAX_DATABASE_BYTES) {
    throw invalid(`"${as.slice(0, 60)}" is no name for a database`);
  }
  const namespaces = only === undefined ? databases.map((each) => `${each}.*`) : namespacesOf(only, databases);
  const from = databases.filter((each) => namespaces.some((chosen) => chosen.startsWith(`${each}.`)));
  if (from.length > 1) {
    throw invalid(
      `--as ${database} takes one database, and ${from.join(' and ')} are chosen`,
      `--only ${from[0]}.* --as ${database}`,
    );
  }
  return { naming: { database }, namespaces };
}

function pairs(as: string, only: string | undefined, databases: readonly string[]): NewNames {
  if (only !== undefined)
    throw invalid('With --as old=new the pairs say what is chosen, so --only has no place beside them');
  const names = as.split(',').map((pair) => {
    const [from = '', to = '', more] = pair.split('=').map((side) => side.trim());
    if (from === '' || to === '' || more !== undefined)
      throw invalid(`"${pair.trim().slice(0, 60)}" is no pair of names`);
    return { from: namespaceIn(from, databases), to: to.includes('.') ? to : namespaceIn(to, databases) };
  });
  for (const side of ['from', 'to'] as const) {
    const twice = names.find((pair, index) => names.findIndex((other) => other[side] === pair[side]) !== index);
    if (twice) throw invalid(`${twice[side]} is named twice`);
  }
  return { naming: { names }, namespaces: names.map(({ from }) => from) };
}

/** Limits of the server, in bytes. */
const MAX_DATABASE_BYTES = 63;
const MAX_NAMESPACE_BYTES = 255;

const SYSTEM = ['admin', 'config', 'local'];

/**
 * Throws ARGUMENTS_INVALID or NOT_ALLOWED (user) for a name under which nothing may be restored: the servers' own, a name
 * of ours, the one it has already, or one in a database that the plan does not allow.
 */
export function refuseForbidden({ naming, namespaces }: NewNames, plan: Pick<Plan, 'mongodb'>): void {
  refuseBadName(naming);
  if ('database' in naming) {
    const { database } = naming;
    if (namespaces.some((chosen) => chosen.startsWith(`${database}.`))) throw sameName(database);
    refuseDatabase(database, namespaces[0] ?? '', plan);
  }
  for (const { from, to } of 'names' in naming ? naming.names : []) {
    if (from === to) throw sameName(to);
    refuseDatabase(splitName(to).database, from, plan);
  }
}

/** Throws ARGUMENTS_INVALID (user) for names that nothing may have, wherever it stands. */
export function refuseBadName(naming: Naming): void {
  for (const database of databasesOf(naming)) {
    if (SYSTEM.includes(database.toLowerCase())) throw invalid(`${database} is a database of the servers themselves`);
  }
  for (const { to } of 'names' in naming ? naming.names : []) {
    const { name } = splitName(to);
    const isReserved = name === '' || name.startsWith('system.') || name.startsWith(OURS) || /[$\0]/.test(name);
    if (isReserved || Buffer.byteLength(to) > MAX_NAMESPACE_BYTES) throw invalid(`${to} is no name for a collection`);
  }
}

function refuseDatabase(database: string, from: string, { mongodb }: Pick<Plan, 'mongodb'>): void {
  if (mongodb.databases.includes(database)) return;
  const { otherDatabases } = mongodb.restore;
  if (otherDatabases.some((pattern) => fitsPattern(database, pattern))) return;
  const example = from.endsWith('.*') ? `${from.slice(0, -1)}driver_logs` : from;
  throw new DrError(
    'NOT_ALLOWED',
    'user',
    `plan.yaml does not let a restore write to ${database}: mongodb.restore.other_databases has ${otherDatabases.join(', ') || 'none'}. Nothing was changed.`,
    {
      hint: `Stay in ${mongodb.databases.join(' or ')}: --as ${example}=${example}_old. Or have it added to plan.yaml.`,
    },
  );
}

/** `*` stands for any letters, also none; the plan takes nothing else that means something in a pattern. */
export const fitsPattern = (database: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 's').test(database);

const splitName = (namespace: string): Namespace => {
  const dot = namespace.indexOf('.');
  return { database: namespace.slice(0, dot), name: namespace.slice(dot + 1) };
};

const sameName = (name: string): DrError =>
  invalid(`${name} is what it is called already`, 'To put it back in its place leave --as out; a swap follows.');

/** Throws TARGET_EXISTS (user) when something of that name is there: a restore under new names replaces nothing. */
export async function refuseExisting(naming: Naming, target: RestoreTarget): Promise<void> {
  if ('database' in naming) {
    const there = (await target.collections(naming.database)).filter(({ name }) => !name.startsWith(OURS));
    if (there.length === 0) return;
    throw exists(
      `There is a database ${naming.database} already, with ${counted(there.length, 'collection')}`,
      `Take another name, or say each: --as eld.driver_logs=${naming.database}.driver_logs`,
    );
  }
  for (const { to } of naming.names) {
    const { database, name } = splitName(to);
    const isThere = (await target.collections(database)).some((each) => each.name === name);
    if (isThere) throw exists(`There is a ${to} already`, 'Take another name; nothing is replaced without a swap.');
  }
}

const exists = (what: string, hint: string): DrError =>
  new DrError('TARGET_EXISTS', 'user', `${what}. Nothing was changed.`, { hint });

const invalid = (what: string, hint = '--as eld_copy, or --as eld.driver_logs=eld.driver_logs_old'): DrError =>
  new DrError('ARGUMENTS_INVALID', 'user', `${what}. Nothing was changed.`, { hint });
