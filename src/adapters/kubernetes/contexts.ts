import { readFileSync } from 'node:fs';
import type { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { parseDocument } from 'yaml';
import { DrError, type Region } from '#core';

/** One region's API server. */
export interface Apis {
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
  /** Goes with a patch: what is not named stays. */
  readonly mergePatch: ReturnType<Client['setHeaderOptions']>;
}

type Client = typeof import('@kubernetes/client-node');

/**
 * The contexts of a kubeconfig file, opened when one is first asked for: the client is 868 modules and a second of
 * processor time, which a bot that is to answer soon, and every process that scales nothing, would pay at its start.
 *
 * Throws CONFIG_INVALID (permanent) at once when the file is no kubeconfig; later CLUSTER_REFUSED (permanent) for a region
 * without a context.
 */
export function openContexts(kubeconfig: string): (region: Region) => Promise<Apis> {
  mustBeKubeconfig(kubeconfig);
  const opened = new Map<Region, Apis>();
  return async (region) => {
    const known = opened.get(region);
    if (known) return known;
    const client = await import('@kubernetes/client-node');
    const apis = apisOf(client, loadConfig(client, kubeconfig), region);
    opened.set(region, apis);
    return apis;
  };
}

function apisOf(client: Client, config: KubeConfig, region: Region): Apis {
  if (!config.getContextObject(region)) {
    throw new DrError('CLUSTER_REFUSED', 'permanent', `KUBECONFIG has no context named ${region}.`, {
      hint: `kubectl config rename-context OLD ${region}`,
    });
  }
  config.setCurrentContext(region);
  return {
    apps: config.makeApiClient(client.AppsV1Api),
    core: config.makeApiClient(client.CoreV1Api),
    mergePatch: client.setHeaderOptions('Content-Type', client.PatchStrategy.MergePatch),
  };
}

function loadConfig({ KubeConfig }: Client, kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(kubeconfig);
  } catch (cause) {
    throw unreadable(cause);
  }
  return config;
}

function mustBeKubeconfig(path: string): void {
  let problem: unknown;
  try {
    const read = parseDocument(readFileSync(path, 'utf8'));
    if (read.has('contexts') && read.has('clusters')) return;
    problem = read.errors[0];
  } catch (cause) {
    problem = cause;
  }
  throw unreadable(problem);
}

const unreadable = (cause: unknown): DrError =>
  new DrError('CONFIG_INVALID', 'permanent', 'KUBECONFIG can not be read.', { cause });
