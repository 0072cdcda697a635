import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetch } from 'undici';
import { z } from 'zod';
import { ELD_REGIONS, type Eld, startEld } from '#sandbox/eld';
import {
  type AwsWorld,
  createAwsWorld,
  createSwitchBucket,
  createUsers,
  type Moto,
  type ReplicaSet,
  startMoto,
  startReplicaSet,
} from '#sandbox/servers';

export const NAME = 'api.eld.example';
/** What turns drivers away from the east. */
export const EAST_SWITCH = { from: 'us-east-1', region: 'us-west-2', bucket: 'eld-switch-us-west-2' } as const;

export type Company = {
  readonly set: ReplicaSet;
  readonly moto: Moto;
  readonly aws: AwsWorld;
  readonly eld: Eld;
  readonly dir: string;
  stop(): Promise<void>;
};

/** The whole protected system on real servers, smaller than the sandbox's: two instances a region, 30 writes a second. */
export async function startCompany(prefix: string): Promise<Company> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-company-'));
  const [set, moto] = await Promise.all([
    startReplicaSet({
      name: 'eld',
      members: [
        { name: 'east-1', region: 'us-east-1', priority: 3 },
        { name: 'east-2', region: 'us-east-1', priority: 2 },
        { name: 'west-1', region: 'us-west-2', priority: 1 },
      ],
      settings: { electionTimeoutMillis: 2000 },
    }),
    startMoto(),
  ]);
  const stopServers = async () => {
    await Promise.all([set.stop(), moto.stop()]);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const [aws] = await Promise.all([
      createAwsWorld({ endpoint: moto.endpoint, prefix, zone: 'eld.example' }),
      createSwitchBucket(EAST_SWITCH.bucket, EAST_SWITCH.region, moto.endpoint),
      createUsers({ rootUri: set.uri('root'), keyText: set.key.text, databases: ['eld'] }),
    ]);
    const eld = await startEld({
      mongodbUri: set.uri('eld'),
      route53: moto.endpoint,
      zoneId: aws.zoneId,
      name: NAME,
      ttlSeconds: 1,
      perSecond: 30,
      drivers: 20,
      regions: ELD_REGIONS.map((each) => ({
        ...each,
        replicas: 2,
        ...(each.region === EAST_SWITCH.from ? { switch: { ...EAST_SWITCH, endpoint: moto.endpoint } } : {}),
      })),
      dir,
    });
    return {
      set,
      moto,
      aws,
      eld,
      dir,
      stop: async () => {
        await eld.stop();
        await stopServers();
      },
    };
  } catch (error) {
    await stopServers();
    throw error;
  }
}

export const Stats = z.object({
  perSecond: z.number(),
  acknowledged: z.number(),
  failed: z.number(),
  lost: z.number(),
  changed: z.number(),
  pausedMs: z.number(),
  longestPauseMs: z.number(),
  windowMs: z.number(),
  byRegion: z.array(z.object({ region: z.string(), acknowledged: z.number(), failed: z.number() })),
});
export const Audit = z.object({ checked: z.number(), missing: z.number(), changed: z.number() });

export async function ask<T>(url: string, shape: z.ZodType<T>): Promise<T> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return shape.parse(await answer.json());
}
