import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigMap, Deployment } from './shapes.ts';

const Saved = z.object({ version: z.number().int(), deployments: z.array(Deployment), configMaps: z.array(ConfigMap) });

/** One cluster's objects, with one version counter for all of them, as etcd has. */
export type ObjectStore = {
  deployment(namespace: string, name: string): Deployment | undefined;
  deployments(namespace?: string): readonly Deployment[];
  configMap(namespace: string, name: string): ConfigMap | undefined;
  configMaps(namespace: string): readonly ConfigMap[];
  /** Stores it under the next version and returns what was stored. `generation` counts changes of the spec only. */
  putDeployment(deployment: Deployment): Deployment;
  putConfigMap(configMap: ConfigMap): ConfigMap;
  version(): string;
};

/** @param file where the objects are kept between starts; nowhere when left out */
export function openObjectStore(file: string | undefined): ObjectStore {
  const saved =
    file !== undefined && existsSync(file)
      ? Saved.parse(JSON.parse(readFileSync(file, 'utf8')))
      : { version: 1000, deployments: [], configMaps: [] };
  let version = saved.version;
  const key = ({ metadata }: Deployment | ConfigMap) => `${metadata.namespace}/${metadata.name}`;
  const deployments = new Map(saved.deployments.map((one) => [key(one), one]));
  const configMaps = new Map(saved.configMaps.map((one) => [key(one), one]));
  const inNamespace =
    (namespace: string | undefined) =>
    ({ metadata }: Deployment | ConfigMap) =>
      namespace === undefined || metadata.namespace === namespace;

  function put<T extends Deployment | ConfigMap>(into: Map<string, T>, object: T): T {
    version += 1;
    const stored = structuredClone({ ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
    into.set(key(stored), stored);
    if (file !== undefined) {
      const all = { version, deployments: [...deployments.values()], configMaps: [...configMaps.values()] };
      writeFileSync(file, JSON.stringify(all));
    }
    return stored;
  }

  return {
    deployment: (namespace, name) => deployments.get(`${namespace}/${name}`),
    deployments: (namespace) => [...deployments.values()].filter(inNamespace(namespace)),
    configMap: (namespace, name) => configMaps.get(`${namespace}/${name}`),
    configMaps: (namespace) => [...configMaps.values()].filter(inNamespace(namespace)),
    putDeployment(deployment) {
      const before = deployments.get(key(deployment));
      const changed = JSON.stringify(before?.spec) !== JSON.stringify(deployment.spec);
      const generation = (before?.metadata.generation ?? 0) + (changed ? 1 : 0);
      return put(deployments, { ...deployment, metadata: { ...deployment.metadata, generation } });
    },
    putConfigMap: (configMap) => put(configMaps, configMap),
    version: () => String(version),
  };
}

/** Metadata of an object that was not there before. */
export const newMetadata = (namespace: string, name: string) => ({
  name,
  namespace,
  uid: randomUUID(),
  resourceVersion: '0',
  creationTimestamp: new Date().toISOString().replace(/[.]\d+/, ''),
});
