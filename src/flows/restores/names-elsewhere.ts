import { closest, counted, DrError } from '#core';
import type { OtherClusterPlan, Plan } from '#plan';
import type { Namespace, RestoreTarget } from '#ports';
import { type AnyNaming, databasesOf, type RestorePlan } from '#restore';
import { OURS } from '#vault';
import { namespacesOf } from './name-choice.ts';
import { fitsPattern, newNames, refuseBadName } from './new-names.ts';

/** What goes to another cluster, and under which names. */
export interface NamesElsewhere {
  readonly naming: AnyNaming;
  /** As `--only` says it; each database whole when left out. */
  readonly namespaces: readonly string[];
  /** That it writes to there. */
  readonly databases: readonly string[];
}

/** The cluster that plan.yaml calls so. Throws NOT_FOUND (user) with the nearest name, or with how to name one. */
export function clusterNamed(name: string, { mongodb }: Pick<Plan, 'mongodb'>): OtherClusterPlan {
  const { clusters } = mongodb.restore;
  const found = clusters.find((each) => each.name === name);
  if (found) return found;
  const names = clusters.map((each) => each.name);
  const near = closest(name, names);
  const refuse = (what: string, hint: string): DrError =>
    new DrError('NOT_FOUND', 'user', `${what} Nothing was changed.`, { hint });
  if (names.length === 0) {
    throw refuse(
      'plan.yaml names no cluster that a restore may go to.',
      'Have one added under mongodb.restore.clusters; what is typed here is never an address.',
    );
  }
  throw refuse(
    `plan.yaml names no cluster "${name.slice(0, 60)}".${near ? ` Did you mean ${near}?` : ''}`,
    `It names ${names.join(', ')}: --on ${near ?? names[0]}`,
  );
}

/**
 * Understands `--only` and `--as` for another cluster; without `--as` names are kept. Throws ARGUMENTS_INVALID (user) as
 * `newNames`, and NOT_ALLOWED (user) for a database that the plan does not let a restore write to there.
 */
export function namesElsewhere(
  { only, as }: { readonly only: string | undefined; readonly as: string | undefined },
  cluster: OtherClusterPlan,
  { mongodb }: Pick<Plan, 'mongodb'>,
): NamesElsewhere {
  const wanted = as === undefined ? keptNames(only, mongodb.databases) : renamed(as, only, mongodb.databases);
  const forbidden = wanted.databases.find(
    (database) => !cluster.databases.some((pattern) => fitsPattern(database, pattern)),
  );
  if (forbidden === undefined) return wanted;
  throw new DrError(
    'NOT_ALLOWED',
    'user',
    `plan.yaml does not let a restore write to ${forbidden} on ${cluster.name}: it has ${cluster.databases.join(', ')}. Nothing was changed.`,
    { hint: 'Choose with --only, name with --as, or have the database added to plan.yaml.' },
  );
}

function keptNames(only: string | undefined, protectedDatabases: readonly string[]): NamesElsewhere {
  const all = protectedDatabases.map((database) => `${database}.*`);
  const namespaces = only === undefined ? all : namespacesOf(only, protectedDatabases);
  const databases = protectedDatabases.filter((each) => namespaces.some((chosen) => chosen.startsWith(`${each}.`)));
  return { naming: 'kept', namespaces, databases };
}

function renamed(as: string, only: string | undefined, protectedDatabases: readonly string[]): NamesElsewhere {
  const { naming, namespaces } = newNames(as, only, protectedDatabases);
  refuseBadName(naming);
  return { naming, namespaces, databases: databasesOf(naming) };
}

/**
 * Throws TARGET_EXISTS (user) when something there has one of the names. Of a choice that can't be settled yet, what is in
 * its databases counts.
 */
export async function refuseTakenElsewhere(
  { naming, namespaces, databases }: NamesElsewhere,
  plan: RestorePlan | undefined,
  cluster: Pick<OtherClusterPlan, 'name'>,
  target: RestoreTarget,
): Promise<void> {
  const wanted = new Set([
    ...(plan?.collections ?? []).map(({ place }) => nameOf(place)),
    ...(naming === 'kept' ? (plan?.views ?? namespaces.filter((each) => !each.endsWith('.*'))) : []),
    ...(naming !== 'kept' && 'names' in naming ? naming.names.map(({ to }) => to) : []),
  ]);
  const whole = naming !== 'kept' && 'database' in naming ? databases : [];
  const unsettled = plan || naming !== 'kept' ? [] : databases.filter((each) => namespaces.includes(`${each}.*`));
  for (const database of databases) {
    const there = (await target.collections(database)).filter(({ name }) => !name.startsWith(OURS));
    const isWhole = whole.includes(database) || unsettled.includes(database);
    const taken = there.filter((each) => isWhole || wanted.has(nameOf(each)));
    const [first] = taken;
    if (first) throw takenThere(first, taken.length, cluster.name, namespaces[0] ?? '');
  }
}

const nameOf = ({ database, name }: Namespace): string => `${database}.${name}`;

function takenThere(first: Namespace, count: number, on: string, example: string): DrError {
  const others = count > 1 ? `, and ${counted(count - 1, 'other name is', 'other names are')} taken` : '';
  return new DrError(
    'TARGET_EXISTS',
    'user',
    `${on} has a ${nameOf(first)} already${others}; nothing is replaced there. Nothing was changed.`,
    {
      hint: `Another name: --on ${on} --as ${example.endsWith('.*') ? `${first.database}_copy` : `${example}=${example}_old`}`,
    },
  );
}
