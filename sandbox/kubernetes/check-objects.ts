import { ConfigMap, Deployment } from './shapes.ts';
import { badRequest, conflict, invalid } from './status.ts';

type Candidate = Record<string, unknown>;

const field = (object: Candidate, name: string): Candidate => {
  const value = object[name];
  return typeof value === 'object' && value !== null ? (value as Candidate) : {};
};

/** An update must be of the object the URL names, and, when it carries a version, of the version that is stored. */
function checkIdentity(candidate: Candidate, stored: Deployment | ConfigMap, group: string, resource: string): void {
  const metadata = field(candidate, 'metadata');
  const { name, namespace, resourceVersion } = stored.metadata;
  if (metadata['name'] !== name) {
    throw badRequest(`the name of the object (${metadata['name']}) does not match the name on the URL (${name})`);
  }
  if (metadata['namespace'] !== undefined && metadata['namespace'] !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const version = metadata['resourceVersion'];
  if (version !== undefined && version !== '' && version !== resourceVersion) {
    throw conflict({ group, resource, name });
  }
}

/** @throws StatusError 422 as the API server answers for a number of replicas that can't be */
export function checkReplicas(replicas: unknown, kind: string, group: string, name: string): number {
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    const go = typeof replicas === 'string' ? 'string' : 'number';
    throw badRequest(
      `${kind} in version "v1" cannot be handled as a ${kind}: json: cannot unmarshal ${go} into Go struct field ${kind}Spec.spec.replicas of type int32`,
    );
  }
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    throw invalid(kind, group, name, [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }]);
  }
  return replicas;
}

/** What a patched or replaced Deployment becomes. Status and identity are not the client's to change. */
export function checkDeployment(candidate: Candidate, stored: Deployment): Deployment {
  checkIdentity(candidate, stored, 'apps', 'deployments');
  const { name } = stored.metadata;
  const spec = field(candidate, 'spec');
  checkReplicas(spec['replicas'] ?? 1, 'Deployment', 'apps', name);
  if (JSON.stringify(spec['selector']) !== JSON.stringify(stored.spec.selector)) {
    const message = `Invalid value: ${JSON.stringify(spec['selector'])}: field is immutable`;
    throw invalid('Deployment', 'apps', name, [{ reason: 'FieldValueInvalid', message, field: 'spec.selector' }]);
  }
  const { uid, namespace, creationTimestamp, resourceVersion } = stored.metadata;
  return Deployment.parse({
    ...candidate,
    spec: { ...spec, replicas: spec['replicas'] ?? 1 },
    metadata: { ...field(candidate, 'metadata'), name, namespace, uid, creationTimestamp, resourceVersion },
    status: stored.status,
  });
}

/** What a patched or replaced ConfigMap becomes. */
export function checkConfigMap(candidate: Candidate, stored: ConfigMap): ConfigMap {
  checkIdentity(candidate, stored, '', 'configmaps');
  const { name, uid, namespace, creationTimestamp, resourceVersion } = stored.metadata;
  for (const [key, value] of Object.entries(field(candidate, 'data'))) {
    if (typeof value !== 'string') {
      const go = value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value;
      throw badRequest(
        `ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal ${go} into Go struct field ConfigMap.data of type string`,
      );
    }
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key)) {
      const message = `Invalid value: "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.'`;
      throw invalid('ConfigMap', '', name, [{ reason: 'FieldValueInvalid', message, field: `data[${key}]` }]);
    }
  }
  return ConfigMap.parse({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...candidate,
    metadata: { ...field(candidate, 'metadata'), name, namespace, uid, creationTimestamp, resourceVersion },
  });
}
