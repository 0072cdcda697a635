import { createHash, timingSafeEqual } from 'node:crypto';
import type { Region } from '#core';

/** A region's secrets: one, or two while it is changed. */
export type RegionSecrets = ReadonlyMap<Region, readonly string[]>;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Says whose secret an `Authorization: Bearer ...` header carries; undefined for nobody's. It is compared with every secret there
 * is, digests of equal length in constant time, so that the time it takes says nothing.
 */
export function whoseSecret(secrets: RegionSecrets): (header: string | undefined) => Region | undefined {
  const known = [...secrets].flatMap(([region, texts]) => texts.map((text) => ({ region, digest: digest(text) })));
  return (header) => {
    const [, given] = /^Bearer +(\S+)$/i.exec(header ?? '') ?? [];
    const asked = digest(given ?? '');
    let owner: Region | undefined;
    for (const each of known) if (timingSafeEqual(each.digest, asked)) owner = each.region;
    return given === undefined ? undefined : owner;
  };
}
