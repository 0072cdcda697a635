import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { DrError, type Region } from '#core';
import type { DnsSwitch } from '#ports';
import { SERVES, type SwitchPlace, switchKey, TURNED_AWAY } from './switch-object.ts';

export interface S3DnsSwitchOptions {
  readonly places: readonly SwitchPlace[];
  readonly credentials?: S3ClientConfig['credentials'];
}

/**
 * The switch as an object a region in S3, written and read on its data plane only. A switch whose bucket does not answer counts
 * as not thrown: health checkers get no answer from it either.
 */
export function s3DnsSwitch({ places, credentials }: S3DnsSwitchOptions): DnsSwitch & { close(): void } {
  const switches = places.map((place) => ({ ...place, client: openClient(place, credentials) }));
  type Switch = (typeof switches)[number];
  const of = (region: Region): Switch => {
    const found = switches.find(({ from }) => from === region);
    if (found) return found;
    throw new DrError('DNS_REFUSED', 'permanent', `The plan has no switch for ${region}.`, {
      hint: 'Add it to service.dns.switch in plan.yaml, then: dr dns prepare',
    });
  };
  const isThrown = async (one: Switch): Promise<boolean> => {
    const command = new GetObjectCommand({ Bucket: one.bucket, Key: switchKey(one.from) });
    try {
      const answer = await one.client.send(command);
      return (await answer.Body?.transformToString())?.includes(TURNED_AWAY) ?? false;
    } catch (thrown) {
      // never thrown yet
      if (thrown instanceof NoSuchKey) return false;
      throw translated(thrown, one, 's3:GetObject');
    }
  };
  const write = async (region: Region, words: string): Promise<void> => {
    const one = of(region);
    const command = new PutObjectCommand({
      Bucket: one.bucket,
      Key: switchKey(region),
      Body: words,
      ContentType: 'text/plain',
      // a cache in between would go on telling what was
      CacheControl: 'no-store',
    });
    await one.client.send(command).catch((thrown: unknown) => {
      throw translated(thrown, one, 's3:PutObject');
    });
  };
  /** What can be read; all of them dead means that it is not known. */
  const thrown = async (among: readonly Switch[]): Promise<readonly Region[]> => {
    const seen = await Promise.allSettled(among.map(isThrown));
    const failed = seen.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    const refused = failed.find((error) => error instanceof DrError && error.kind === 'permanent');
    if (refused) throw refused;
    if (failed.length > 0 && failed.length === among.length && among.length === switches.length) throw failed[0];
    return among.flatMap(({ from }, index) => {
      const each = seen[index];
      return each?.status === 'fulfilled' && each.value ? [from] : [];
    });
  };
  return {
    divert: async (from, to) => {
      of(from);
      const isOpen = to !== undefined && !switches.some((each) => each.from === to);
      const [other] = isOpen ? [] : await thrown(switches.filter((each) => each.from !== from));
      if (other !== undefined)
        throw new DrError(
          'DNS_REFUSED',
          'permanent',
          `Drivers are turned away from ${other} already. Turned away from ${from} too, they would be nowhere.`,
          { hint: `Move them back to ${other} first: /dr failback ${other}`, data: { diverted: other } },
        );
      await write(from, TURNED_AWAY);
    },
    undivert: (from) => write(from, SERVES),
    diverted: () => thrown(switches),
    close: () => {
      for (const { client } of switches) client.destroy();
    },
  };
}

/** A dead region must show in about a second: people wait for this. */
const openClient = ({ region, endpoint }: SwitchPlace, credentials: S3ClientConfig['credentials']): S3Client =>
  new S3Client({
    region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 2_000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials ? { credentials } : {}),
  });

function translated(thrown: unknown, { from, region, bucket }: SwitchPlace, action: string): DrError {
  const status = thrown instanceof S3ServiceException ? (thrown.$metadata.httpStatusCode ?? 0) : 0;
  if (thrown instanceof S3ServiceException && status >= 400 && status < 500 && status !== 429) {
    return new DrError(
      'DNS_REFUSED',
      'permanent',
      `The switch of ${from} in ${region} refused (${thrown.name}, ${action}).`,
      {
        cause: thrown,
        hint: `Make the bucket ${bucket}, and allow Holdfast's AWS role ${action} on it: dr dns prepare`,
      },
    );
  }
  return new DrError('DNS_UNAVAILABLE', 'transient', `The switch of ${from} in ${region} does not answer.`, {
    cause: thrown,
  });
}
