import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiException,
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  VersionApi,
} from '@kubernetes/client-node';
import { fetch } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOLDFAST_RULES, type Kubernetes, POD_RULES, startKubernetes } from '#sandbox/kubernetes';
import { until } from '#sandbox/servers';
import { smallInstances } from './small-instances.ts';

const instances = smallInstances();
let kubernetes: Kubernetes;
let dir: string;
const eldApi = { namespace: 'eld', name: 'eld-api' };
const eldConfig = { namespace: 'eld', name: 'eld-config' };
const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-kube-'));
  const region = (name: string, replicas: number) => ({
    region: name,
    replicas,
    capacity: 4,
    configuration: { 'active-region': 'us-east-1', 'files-bucket': 'eld-files-us-east-1' },
  });
  kubernetes = await startKubernetes({
    regions: [region('us-east-1', 3), region('us-west-2', 2)],
    tokens: {
      'holdfast-token': { user: 'holdfast', rules: HOLDFAST_RULES },
      'deployer-token': {
        user: 'deployer',
        rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'patch'] }],
      },
      'pod-token': { user: 'system:serviceaccount:eld:eld-api', rules: POD_RULES },
    },
    runPod: instances.run,
    dir: join(dir, 'objects'),
  });
});
afterAll(async () => {
  await kubernetes.stop();
  expect(instances.running.size).toBe(0);
  rmSync(dir, { recursive: true });
});

/** The real client, reading the kubeconfig we wrote, in one region's context. */
function client(region: string, token = 'holdfast-token'): KubeConfig {
  const path = join(dir, 'kubeconfig');
  kubernetes.writeKubeconfig(path, token);
  const config = new KubeConfig();
  config.loadFromFile(path);
  config.setCurrentContext(region);
  return config;
}
const apps = (region: string, token?: string) => client(region, token).makeApiClient(AppsV1Api);
const core = (region: string, token?: string) => client(region, token).makeApiClient(CoreV1Api);

async function refusal(call: Promise<unknown>): Promise<{ code: number; reason: string; message: string }> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiException)) throw new Error('was not refused', { cause: error });
  const body: unknown = typeof error.body === 'string' ? JSON.parse(error.body) : error.body;
  return body as { code: number; reason: string; message: string };
}

const ready = (region: string, count: number) =>
  until(`${count} ready in ${region}`, async () => {
    const { status } = await apps(region).readNamespacedDeployment(eldApi);
    return status?.readyReplicas === count && status.replicas === count;
  });

test('each region is a context of the kubeconfig, with its own deployment and real instances behind it', async () => {
  await Promise.all([ready('us-east-1', 3), ready('us-west-2', 2)]);
  expect(
    client('us-east-1')
      .getContexts()
      .map(({ name }) => name),
  ).toEqual(['us-east-1', 'us-west-2']);
  expect(statSync(join(dir, 'kubeconfig')).mode & 0o077).toBe(0);
  const list = await apps('us-west-2').listNamespacedDeployment({ namespace: 'eld' });
  expect(list.items.map(({ spec }) => spec?.replicas)).toEqual([2]);
  expect((await client('us-east-1').makeApiClient(VersionApi).getCode()).major).toBe('1');
  expect(instances.running.size).toBe(5);
});

test('scaling starts and ends instances, and a dry run does neither', async () => {
  await ready('us-west-2', 2);
  const west = apps('us-west-2');
  const rehearsed = await west.patchNamespacedDeploymentScale(
    { ...eldApi, body: { spec: { replicas: 3 } }, dryRun: 'All' },
    merge,
  );
  expect(rehearsed.spec?.replicas).toBe(3);
  expect((await west.readNamespacedDeploymentScale(eldApi)).spec?.replicas).toBe(2);

  await west.patchNamespacedDeploymentScale({ ...eldApi, body: { spec: { replicas: 3 } } }, merge);
  await ready('us-west-2', 3);
  const drained = instances.drained();
  const scale = await west.readNamespacedDeploymentScale(eldApi);
  await west.replaceNamespacedDeploymentScale({ ...eldApi, body: { ...scale, spec: { replicas: 2 } } });
  await ready('us-west-2', 2);
  expect(instances.drained()).toBe(drained + 1);
});

test('beyond its capacity a region accepts the scaling and stays short, saying why', async () => {
  await ready('us-west-2', 2);
  const west = apps('us-west-2');
  await apps('us-west-2', 'deployer-token').patchNamespacedDeployment(
    { ...eldApi, body: [{ op: 'replace', path: '/spec/replicas', value: 6 }] },
    setHeaderOptions('Content-Type', PatchStrategy.JsonPatch),
  );
  await until('the condition ReplicaFailure', async () => {
    const { status } = await west.readNamespacedDeployment(eldApi);
    const failure = status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    return status?.readyReplicas === 4 && failure?.message?.includes('exceeded quota: eld-quota') === true;
  });
  const [quota] = (await core('us-west-2').listNamespacedResourceQuota({ namespace: 'eld' })).items;
  expect(quota?.status).toEqual({ hard: { pods: '4' }, used: { pods: '4' } });
  await west.patchNamespacedDeploymentScale({ ...eldApi, body: { spec: { replicas: 2 } } }, merge);
  await ready('us-west-2', 2);
});

test('a changed template replaces every instance without ever being short', async () => {
  await ready('us-west-2', 2);
  const before = [...kubernetes.cluster('us-west-2').pods()].map(({ order }) => order.name);
  await apps('us-west-2', 'deployer-token').patchNamespacedDeployment(
    { ...eldApi, body: { spec: { template: { metadata: { annotations: { restartedAt: 'now' } } } } } },
    setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
  );
  await until('all replaced', async () => {
    const pods = kubernetes.cluster('us-west-2').pods();
    expect(pods.filter((pod) => pod.ready).length).toBeGreaterThanOrEqual(2);
    return pods.length === 2 && pods.every((pod) => pod.ready && !before.includes(pod.order.name));
  });
});

test('a configuration is patched, and a write that names an older version is refused', async () => {
  const east = core('us-east-1');
  const old = await east.readNamespacedConfigMap(eldConfig);
  const patched = await east.patchNamespacedConfigMap(
    { ...eldConfig, body: { data: { 'active-region': 'us-west-2' } } },
    merge,
  );
  expect(patched.data).toEqual({ 'active-region': 'us-west-2', 'files-bucket': 'eld-files-us-east-1' });
  expect(await refusal(east.replaceNamespacedConfigMap({ ...eldConfig, body: old }))).toMatchObject({
    code: 409,
    reason: 'Conflict',
    message:
      'Operation cannot be fulfilled on configmaps "eld-config": the object has been modified; please apply your changes to the latest version and try again',
  });
  const replaced = await east.replaceNamespacedConfigMap({ ...eldConfig, body: { ...patched, data: { ...old.data } } });
  expect(replaced.data?.['active-region']).toBe('us-east-1');
});

test('who has no right, no token, a wrong name or a wrong number is refused in the words of the real server', async () => {
  const scale = { ...eldApi, body: { spec: { replicas: 3 } } };
  expect(await refusal(apps('us-east-1', 'pod-token').patchNamespacedDeploymentScale(scale, merge))).toMatchObject({
    code: 403,
    reason: 'Forbidden',
    message:
      'deployments.apps "eld-api" is forbidden: User "system:serviceaccount:eld:eld-api" cannot patch resource "deployments/scale" in API group "apps" in the namespace "eld"',
  });
  const { server } = kubernetes.cluster('us-east-1');
  const path = '/apis/apps/v1/namespaces/eld/deployments';
  expect((await fetch(`${server}${path}`)).status).toBe(401);
  expect((await fetch(`${server}${path}`, { headers: { authorization: 'Bearer toString' } })).status).toBe(401);
  expect((await fetch(`${server}/readyz`)).status).toBe(200);
  expect(await refusal(apps('us-east-1').readNamespacedDeployment({ namespace: 'eld', name: 'nope' }))).toMatchObject({
    code: 404,
    reason: 'NotFound',
    message: 'deployments.apps "nope" not found',
  });
  const negative = { ...eldApi, body: { spec: { replicas: -1 } } };
  expect(await refusal(apps('us-east-1').patchNamespacedDeploymentScale(negative, merge))).toMatchObject({
    code: 422,
    reason: 'Invalid',
    message:
      'Scale.autoscaling "eld-api" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  });
});

test('a review says beforehand what a token may do', async () => {
  const may = async (token: string, verb: string) => {
    const body = {
      spec: {
        resourceAttributes: { namespace: 'eld', verb, group: 'apps', resource: 'deployments', subresource: 'scale' },
      },
    };
    const api = client('us-east-1', token).makeApiClient(AuthorizationV1Api);
    return (await api.createSelfSubjectAccessReview({ body })).status?.allowed;
  };
  expect(await may('holdfast-token', 'patch')).toBe(true);
  expect(await may('holdfast-token', 'delete')).toBe(false);
  expect(await may('pod-token', 'patch')).toBe(false);
});

test('a killed instance is replaced, and a region without power has neither API nor instances until it returns', async () => {
  const east = kubernetes.cluster('us-east-1');
  await ready('us-east-1', 3);
  east.pods()[0]?.running?.kill();
  await until('one less', async () => east.pods().filter((pod) => pod.ready).length < 3);
  await ready('us-east-1', 3);

  await east.powerOff();
  expect(east.pods().filter((pod) => pod.ready)).toEqual([]);
  await expect(fetch(`${east.server}/readyz`)).rejects.toThrow();
  await expect(fetch(east.serviceUrl)).rejects.toThrow();
  await east.powerOn();
  await ready('us-east-1', 3);
  expect(await (await fetch(east.serviceUrl)).text()).toMatch(/^eld-api-/);
});
