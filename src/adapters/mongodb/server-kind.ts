import type { MongoClient } from 'mongodb';
import { z } from 'zod';
import type { ServerKind } from '#ports';
import { serverCode } from './engine-errors.ts';

const BuildInfo = z.object({ version: z.string() });
const FeatureVersion = z.object({ featureCompatibilityVersion: z.object({ version: z.string() }) });
const ObjectIdLike = z.custom<{ toHexString(): string }>(
  (value) => typeof value === 'object' && value !== null && 'toHexString' in value,
);
const SetConfig = z.object({ config: z.object({ settings: z.object({ replicaSetId: ObjectIdLike }) }) });

const UNAUTHORIZED = 13;
const NO_REPLICATION = 76;

/** Asks a server for its version, its feature version and its set's id. Throws what the driver throws. */
export async function askServerKind(client: MongoClient): Promise<ServerKind> {
  const admin = client.db('admin');
  const [build, feature, config] = await Promise.all([
    admin.command({ buildInfo: 1 }),
    whereAllowed(() => admin.command({ getParameter: 1, featureCompatibilityVersion: 1 })),
    whereAllowed(() => admin.command({ replSetGetConfig: 1 })),
  ]);
  return {
    version: BuildInfo.parse(build).version,
    featureVersion: feature && FeatureVersion.parse(feature).featureCompatibilityVersion.version,
    setId: config && SetConfig.parse(config).config.settings.replicaSetId.toHexString(),
  };
}

/** A right that is missing, or a server that is in no set, leaves an answer out. */
async function whereAllowed<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (![UNAUTHORIZED, NO_REPLICATION].includes(serverCode(thrown) ?? 0)) throw thrown;
    return undefined;
  }
}
