import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort, isFree } from './free-port.ts';
import { keyFileIn } from './key-file.ts';
import { startMongod } from './mongod.ts';
import type { Place } from './place.ts';
import { bringUp } from './replica-bring-up.ts';
import type { MemberSpec, ReplicaSettings } from './replica-config.ts';
import type { ReplicaMember, ReplicaSet } from './running-set.ts';
import { dataDir } from './temp-dir.ts';
import { passwordOf } from './users.ts';

export type ReplicaSetOptions = {
  readonly name: string;
  readonly members: readonly MemberSpec[];
  readonly settings?: ReplicaSettings;
  /** Kept when given, with its ports and key, so that a second start takes seconds; temporary otherwise. */
  readonly dir?: string;
  readonly oplogSizeMb?: number;
  readonly cacheGb?: number;
  readonly setParameters?: Readonly<Record<string, string | number | boolean>>;
  /** Where members of a region run; here when left out. */
  readonly place?: (region: string) => Place;
};

/**
 * Starts a replica set with key file authentication and the user `root`, and returns when it has a primary and every
 * member is healthy: about 7 s for three empty members. Members left from an earlier start go on with their data.
 */
export async function startReplicaSet(options: ReplicaSetOptions): Promise<ReplicaSet> {
  const dir = dataDir(options.dir, options.name);
  const key = keyFileIn(dir.path);
  const ports = await portsFor(dir.path, options.members);
  await Promise.all(
    options.members.map(({ name, region }) => options.place?.(region).expose(...[ports[name] ?? []].flat())),
  );
  const started = await Promise.allSettled(
    options.members.map(async (spec): Promise<ReplicaMember> => {
      const mongod = await startMongod({
        dbPath: join(dir.path, spec.name),
        replSet: options.name,
        keyFile: key.path,
        port: ports[spec.name] ?? (await freePort()),
        ...(options.oplogSizeMb === undefined ? {} : { oplogSizeMb: options.oplogSizeMb }),
        ...(options.cacheGb === undefined ? {} : { cacheGb: options.cacheGb }),
        ...(options.place === undefined ? {} : { place: options.place(spec.region) }),
        ...(options.setParameters === undefined ? {} : { setParameters: options.setParameters }),
      });
      return { ...mongod, name: spec.name, region: spec.region };
    }),
  );
  const members = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(members.map((member) => member.stop()));
    dir.remove();
  };
  const set: ReplicaSet = {
    name: options.name,
    members,
    key,
    member(name) {
      const found = members.find((member) => member.name === name);
      if (found === undefined) throw new Error(`${options.name} has no member ${name}`);
      return found;
    },
    inRegion: (region) => members.filter((member) => member.region === region),
    uri: (user, database = '') =>
      `mongodb://${user}:${passwordOf(key.text, user)}@${members.map(({ host }) => host).join(',')}/${database}?replicaSet=${options.name}&authSource=admin`,
    memberUri: (name, user) =>
      `mongodb://${user}:${passwordOf(key.text, user)}@${set.member(name).host}/?directConnection=true&authSource=admin`,
    stop,
  };
  try {
    const failed = started.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    await bringUp(set, options.members, options.settings ?? {});
  } catch (error) {
    await stop();
    throw error;
  }
  return set;
}

const Ports = z.record(z.string(), z.number().int());

/** Ports live with the data: they stand in the replica set's config, and clients may have written them down. */
async function portsFor(dir: string, members: readonly MemberSpec[]): Promise<Record<string, number>> {
  const file = join(dir, 'ports.json');
  const ports = existsSync(file) ? Ports.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  for (const { name } of members) {
    const known = ports[name];
    // taken by somebody else since the last start: bring-up then tells the members their new addresses
    if (known === undefined || !(await isFree(known))) ports[name] = await freePort();
  }
  writeFileSync(file, JSON.stringify(ports));
  return ports;
}
