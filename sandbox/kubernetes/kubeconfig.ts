import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';

export type KubeconfigCluster = { readonly region: string; readonly server: string };

/**
 * A kubeconfig with one cluster and one context a region, each named like the region, and one user with a token.
 * The official client refuses plain HTTP, even to this machine, unless told not to verify certificates.
 */
export function kubeconfig(clusters: readonly KubeconfigCluster[], user: string, token: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': clusters[0]?.region ?? '',
    clusters: clusters.map(({ region, server }) => ({
      name: region,
      cluster: { server, 'insecure-skip-tls-verify': true },
    })),
    users: [{ name: user, user: { token } }],
    contexts: clusters.map(({ region }) => ({ name: region, context: { cluster: region, user, namespace: 'eld' } })),
    preferences: {},
  });
}

/** Writes it so that only we can read it: it carries a token. */
export function saveKubeconfig(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
}
