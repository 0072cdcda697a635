import { setTimeout as sleep } from 'node:timers/promises';
import { fetch } from 'undici';
import { z } from 'zod';
import type { ServiceSettings } from './settings.ts';

export type RegionConfig = {
  /** Where the company says it serves from. Informs; which database is written to is the replica set's to decide. */
  readonly activeRegion: string | undefined;
  readonly filesBucket: string | undefined;
  readonly version: string;
  readonly readAt: string;
};

const ConfigMapAnswer = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).default({}),
});

const EVERY_MS = 1000;

/** Reads the region's ConfigMap until `signal` aborts. Keeps the last answer while the API server does not answer. */
export function followRegionConfig(settings: ServiceSettings, signal: AbortSignal): () => RegionConfig | undefined {
  let last: RegionConfig | undefined;
  const url = `${settings.apiServer}/api/v1/namespaces/${settings.namespace}/configmaps/${settings.configMap}`;
  const read = async () => {
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${settings.token}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(1000)]),
    });
    const { metadata, data } = ConfigMapAnswer.parse(await answer.json());
    last = {
      activeRegion: data['active-region'],
      filesBucket: data['files-bucket'],
      version: metadata.resourceVersion,
      readAt: new Date().toISOString(),
    };
  };
  const follow = async () => {
    while (!signal.aborted) {
      await read().catch(() => undefined);
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  void follow();
  return () => last;
}
