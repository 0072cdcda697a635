import { ListResourceRecordSetsCommand, type Route53Client } from '@aws-sdk/client-route-53';
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { fetch } from 'undici';
import { z } from 'zod';

/** How many objects a bucket holds. @throws when S3 does not answer, or the bucket is not there */
export async function countObjects(s3: S3Client, bucket: string): Promise<number> {
  let count = 0;
  let token: string | undefined;
  // the sandbox's vault has thousands of objects, not millions
  for (let page = 0; page < 100; page += 1) {
    const answer = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, ...(token === undefined ? {} : { ContinuationToken: token }) }),
    );
    count += answer.KeyCount ?? 0;
    token = answer.NextContinuationToken;
    if (token === undefined) break;
  }
  return count;
}

/** The weights that stand in Route 53, by region. */
export async function readWeights(client: Route53Client, zoneId: string, name: string): Promise<Map<string, number>> {
  const list = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name, MaxItems: 100 });
  const { ResourceRecordSets = [] } = await client.send(list);
  return new Map(
    ResourceRecordSets.flatMap(({ Name, SetIdentifier, Weight }) =>
      Name === `${name}.` && SetIdentifier !== undefined && Weight !== undefined ? [[SetIdentifier, Weight]] : [],
    ),
  );
}

const Deployment = z.looseObject({
  spec: z.looseObject({ replicas: z.number() }),
  status: z.looseObject({ readyReplicas: z.number().default(0) }),
});

/** How many instances a region's cluster wants, and how many are ready. @throws when its API server does not answer */
export async function readReplicas(server: string, token: string): Promise<{ replicas: number; ready: number }> {
  const answer = await fetch(`${server}/apis/apps/v1/namespaces/eld/deployments/eld-api`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(2000),
  });
  const { spec, status } = Deployment.parse(await answer.json());
  return { replicas: spec.replicas, ready: status.readyReplicas };
}

const Stats = z.looseObject({
  perSecond: z.number(),
  acknowledged: z.number(),
  failed: z.number(),
  lost: z.number(),
  byRegion: z.array(z.looseObject({ region: z.string(), acknowledged: z.number() })),
});
export type DriversStats = z.output<typeof Stats>;

/** What the drivers see. */
export async function readStats(url: string): Promise<DriversStats> {
  return Stats.parse(await (await fetch(url, { signal: AbortSignal.timeout(2000) })).json());
}
