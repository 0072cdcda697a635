import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kubernetesClusters } from '#adapters/kubernetes';
import { Region } from '#core';
import { HOLDFAST_RULES, type Kubernetes, READER_RULES, startKubernetes } from '#sandbox/kubernetes';
import { clustersContract } from '../../contract/clusters.contract.ts';

const EAST = Region.parse('us-east-1');
const dir = mkdtempSync(join(tmpdir(), 'holdfast-k8s-'));
let kubernetes: Kubernetes;
/** An instance that answers everything: what is tried here is the API, not the service. */
const runPod = async () => {
  const server = createServer((_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let end: (exit: { code: number | null; signal: null }) => void = () => undefined;
  const ended = new Promise<{ code: number | null; signal: null }>((resolve) => {
    end = resolve;
  });
  const kill = () => {
    server.closeAllConnections();
    server.close();
    end({ code: 0, signal: null });
  };
  return { port: (server.address() as AddressInfo).port, ended, stop: async () => kill(), kill };
};
const clusters = (holder: string) => {
  const kubeconfig = join(dir, holder);
  kubernetes.writeKubeconfig(kubeconfig, holder);
  return kubernetesClusters({
    kubeconfig,
    namespace: 'eld',
    deployment: 'eld-api',
    configMap: 'eld-config',
    withinMs: 3_000,
  });
};

beforeAll(async () => {
  kubernetes = await startKubernetes({
    regions: [{ region: EAST, replicas: 2, capacity: 3, configuration: { 'active-region': EAST, other: 'stays' } }],
    tokens: {
      holdfast: { user: 'system:serviceaccount:eld:holdfast', rules: HOLDFAST_RULES },
      reader: { user: 'system:serviceaccount:eld:holdfast', rules: READER_RULES },
    },
    runPod,
  });
}, 60_000);
afterAll(async () => {
  await kubernetes.stop();
  rmSync(dir, { recursive: true, force: true });
}, 30_000);

clustersContract('Kubernetes', async () => ({ clusters: clusters('holdfast'), close: async () => undefined }));

test('a missing right is permanent, in the words of Kubernetes, with the command that gives it', async () => {
  const api = clusters('reader');
  const refusal = await api.scale(EAST, 1).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(refusal).toMatchObject({
    code: 'CLUSTER_REFUSED',
    kind: 'permanent',
    message: expect.stringContaining('cannot patch resource "deployments/scale"'),
    hint: expect.stringContaining(
      'kubectl create role holdfast-deployments-scale --verb=patch --resource=deployments/scale',
    ),
  });
});

test('a region without power is transient, and one that is in no kubeconfig says how to put it there', async () => {
  const api = clusters('holdfast');
  await expect(api.replicas(Region.parse('eu-west-1'))).rejects.toMatchObject({ code: 'CLUSTER_REFUSED' });
  await kubernetes.cluster(EAST).powerOff();
  await expect(api.replicas(EAST)).rejects.toMatchObject({ code: 'CLUSTER_UNAVAILABLE', kind: 'transient' });
}, 15_000);
