import { memberUri } from '#adapters/mongodb';
import { type ConfigWith, Secret } from '#config';
import { type Clock, DrError, within } from '#core';
import { openServingDatabases, type ServingDatabase, servingDatabase } from '#failover';
import { buildableRegions, type Plan } from '#plan';
import type { ControlStore } from '#ports';

/** A control store that does not answer by then is not waited for: whoever was wrong is set right when it does. */
const ASK_WITHIN_MS = 2_000;

interface Around {
  readonly plan: Plan;
  readonly store: ControlStore;
  readonly clock: Clock;
}

/** Where the plan names no machine for it no other database was ever founded, and nothing is asked. */
const mayBeElsewhere = (plan: Plan): boolean => buildableRegions(plan).length > 0;

/** The database that was founded in a cold region and serves; undefined while it is the environment's. */
export async function servingNow({ plan, store, clock }: Around): Promise<ServingDatabase | undefined> {
  if (!mayBeElsewhere(plan)) return undefined;
  const late = (): DrError => new DrError('STORE_UNAVAILABLE', 'transient', 'The control store does not answer.');
  const asked = servingDatabase(openServingDatabases(store));
  return within(asked, { clock, ms: ASK_WITHIN_MS, late });
}

/** The environment with the address of the database that serves now. */
export async function followServing<C extends ConfigWith<'mongodbUri'>>(
  config: C,
  around: Around,
): Promise<{ readonly config: C; readonly served: ServingDatabase | undefined }> {
  const served = await servingNow(around).catch((thrown: unknown) => {
    if (thrown instanceof DrError && thrown.kind === 'transient') return undefined;
    throw thrown;
  });
  if (served === undefined) return { config, served };
  return { config: { ...config, mongodbUri: new Secret(memberUri(config.mongodbUri.reveal(), served.host)) }, served };
}
