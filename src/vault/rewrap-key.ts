import { asDrError, DrError, type Region } from '#core';
import type { KeyService } from '#ports';
import { type DataKey, wrapWith } from './data-key.ts';
import { FORMAT, FORMAT_VERSION } from './format.ts';
import { contextOf, encodeKeyFile, type Wrap } from './key-file.ts';
import { type KeyLack, type KeyStanding, standingOf } from './key-standing.ts';
import { keyGenerationKey } from './object-keys.ts';
import { type OpenedKey, same } from './opened-key.ts';
import { isUnavailable, type Vault } from './vault.ts';

/** What writing a key's wraps anew came to: read back, and every wrap opened by its own region alone. */
export interface Rewrapped {
  readonly standing: KeyStanding;
  /** Regions that could not be given a wrap or a copy, and why. Nothing is lost: older generations stay. */
  readonly lacks: readonly KeyLack[];
}

/** Numbers that something foreign lies under are passed over; so many in a row are no accident. */
const MOST_TRIES = 20;

/**
 * Wraps a data key under every region's current key and writes the wraps to every region's bucket as a new generation,
 * locked as long as what the key opens. No data, no manifest and no older generation is touched. It counts only after it
 * was read back from the buckets and every wrap opened to the same key.
 *
 * Idempotent by `generation`: one that was begun under this number is proved and spread to the regions that lack it.
 * Where something foreign lies, or a wrap that could be made is missing, the next number is taken. A region that does
 * not answer or refuses is said in `lacks`. Throws when no region's service wraps, or no bucket takes it, what the
 * first one threw; TARGET_EXISTS (permanent) when too many numbers are taken by something foreign.
 */
export async function rewrapKey(vault: Vault, opened: OpenedKey, generation: number): Promise<Rewrapped> {
  for (let number = generation; number < generation + MOST_TRIES; number += 1) {
    const there = await standingOf(vault, opened, number);
    if (there.lacks.some(({ kind }) => kind === 'foreign')) continue;
    const made = there.object
      ? await wrapMissing(vault, opened, there, there.object)
      : await makeWraps(vault, opened, number);
    if (made.object === 'could have more') continue;
    const { object, refused } = made;
    const absent = there.lacks.filter(({ what, kind }) => what === 'copy' && kind === 'absent');
    const written = await spread(vault, opened, number, object, absent);
    const standing = await standingOf(vault, opened, number);
    // another worker was faster with something else: look again, under the next number
    if (standing.lacks.some(({ kind, region }) => kind === 'foreign' && !written.regions.has(region))) continue;
    if (!standing.object || standing.opens.length === 0) throw notProved(standing, written.refused);
    // what every wrap was compared with still opens what it is there for
    opened.proves(opened.key.bytes);
    return { standing, lacks: explained(standing.lacks, [...refused, ...written.refused], written.regions) };
  }
  throw new DrError('TARGET_EXISTS', 'permanent', `What lies under keys/${opened.key.name}/ is not ours.`, {
    hint: 'Somebody writes into the buckets who should not. See who may, and their access logs.',
  });
}

/** What is lacking, with the reason that was heard when it was tried. */
function explained(lacks: readonly KeyLack[], heard: readonly KeyLack[], written: ReadonlySet<Region>): KeyLack[] {
  return lacks.map((lack) => {
    const reason = heard.find(({ region, what }) => region === lack.region && what === lack.what);
    if (reason) return reason;
    if (lack.kind !== 'foreign' || !written.has(lack.region)) return lack;
    return { ...lack, kind: 'refused', problem: `${lack.region} gave back other bytes than were written.` };
  });
}

interface Made {
  readonly object: Buffer;
  readonly refused: KeyLack[];
}

/** The key object with the wrap of every service that answers, and what the others said. Throws when none does. */
async function makeWraps(vault: Vault, { key }: OpenedKey, generation: number): Promise<Made> {
  const wraps: Wrap[] = [];
  const refused: KeyLack[] = [];
  const made = await Promise.allSettled(vault.keys.map((service) => wrapProved(service, key)));
  for (const [index, { region }] of vault.keys.entries()) {
    const result = made[index];
    if (result?.status === 'fulfilled') wraps.push(result.value);
    else refused.push(lackBecause({ region, what: 'wrap' }, asDrError(result?.reason)));
  }
  if (wraps.length === 0) throw asDrError(made.find((result) => result.status === 'rejected')?.reason);
  const object = encodeKeyFile({
    format: FORMAT,
    version: FORMAT_VERSION,
    key: key.name,
    generation,
    madeAt: vault.clock.now().toISOString(),
    context: { ...contextOf(key.name) },
    wraps,
  });
  return { object, refused };
}

const lackBecause = (of: Pick<KeyLack, 'region' | 'what'>, error: DrError): KeyLack => ({
  ...of,
  problem: error.message,
  kind: isUnavailable(error) ? 'silent' : 'refused',
});

/**
 * The object as it is, unless a service that it has no wrap of answers by now: whoever puts an old, smaller set of wraps
 * under the next number must not be believed.
 */
async function wrapMissing(
  vault: Vault,
  { key }: OpenedKey,
  { keyNames }: KeyStanding,
  object: Buffer,
): Promise<{ object: Buffer | 'could have more'; refused: KeyLack[] }> {
  const refused: KeyLack[] = [];
  for (const service of vault.keys.filter(({ region }) => !keyNames.some((one) => one.region === region))) {
    try {
      await wrapProved(service, key);
      return { object: 'could have more', refused };
    } catch (thrown) {
      refused.push(lackBecause({ region: service.region, what: 'wrap' }, asDrError(thrown)));
    }
  }
  return { object, refused };
}

/** A wrap that was opened again by the service that made it: one that does not open is not even written. */
async function wrapProved(service: KeyService, key: DataKey): Promise<Wrap> {
  const wrap = await wrapWith(service, key);
  const bytes = await service.unwrap(Buffer.from(wrap.wrapped, 'base64'), contextOf(key.name));
  const right = same(bytes, key.bytes);
  bytes.fill(0);
  if (right) return wrap;
  throw new DrError('KEY_REFUSED', 'permanent', `KMS in ${service.region} gives back another key than it was given.`);
}

interface Spread {
  /** Regions whose bucket took it. */
  readonly regions: ReadonlySet<Region>;
  readonly refused: readonly KeyLack[];
}

/** Writes the object where it is absent. What a bucket said against it is a result. */
async function spread(
  vault: Vault,
  { key, lock }: OpenedKey,
  generation: number,
  object: Buffer,
  absent: readonly KeyLack[],
): Promise<Spread> {
  const wanted = new Set(absent.map(({ region }): Region => region));
  const stores = vault.stores.filter(({ region }) => wanted.has(region));
  const name = keyGenerationKey(key.name, generation);
  const results = await Promise.allSettled(stores.map((store) => store.put(name, object, { lock, ifAbsent: true })));
  const regions = new Set<Region>();
  const refused: KeyLack[] = [];
  for (const [index, { region }] of stores.entries()) {
    const result = results[index];
    if (result?.status === 'fulfilled') {
      regions.add(region);
      continue;
    }
    const error = asDrError(result?.reason);
    // another worker was faster: the reading back says what it wrote
    if (error.code !== 'TARGET_EXISTS') refused.push(lackBecause({ region, what: 'copy' }, error));
  }
  return { regions, refused };
}

function notProved({ lacks }: KeyStanding, refused: readonly KeyLack[]): DrError {
  const all = [...refused, ...lacks];
  const kind = all.every((lack) => lack.kind === 'refused') ? 'permanent' : 'transient';
  return new DrError('OBJECT_STORE_UNAVAILABLE', kind, `No bucket has the new wraps. ${all[0]?.problem ?? ''}`.trim());
}
