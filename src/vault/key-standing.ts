import { z } from 'zod';
import { asDrError, type DrError, Region, sha256 } from '#core';
import type { KeyService, ObjectStore } from '#ports';
import { contextOf, decodeKeyFile, type KeyFile, type Wrap } from './key-file.ts';
import { keyGenerationKey } from './object-keys.ts';
import { type OpenedKey, same } from './opened-key.ts';
import { isUnavailable, type Vault } from './vault.ts';

/** What a region is in want of: its wrap in the key object, or the object in its bucket. */
export const KeyLack = z.object({
  region: Region,
  what: z.enum(['wrap', 'copy']),
  problem: z.string(),
  /** `silent`: the region does not answer, which may pass. `foreign`: something else lies in its place. */
  kind: z.enum(['absent', 'silent', 'refused', 'foreign']),
});
export type KeyLack = z.output<typeof KeyLack>;

/** How one generation of a key stands, every part of it proved. It is whole when it lacks nothing. */
export interface KeyStanding {
  readonly generation: number;
  /** The true key object; undefined when no region that answered has one. */
  readonly object: Buffer | undefined;
  /** As its maker wrote it, which nothing proves. */
  readonly madeAt: Date | undefined;
  /** Which key of each region's service made its wrap, as the file says. */
  readonly keyNames: readonly { readonly region: Region; readonly keyName: string }[];
  /** Regions whose key service, alone, gave the right key out of it. */
  readonly opens: readonly Region[];
  readonly lacks: readonly KeyLack[];
}

/**
 * Reads one generation of a key in every region, and has every wrap in it opened by its own region's service alone.
 * Changes nothing. What does not answer, refuses, or gives another key is a lack, not an error.
 */
export async function standingOf(vault: Vault, opened: OpenedKey, generation: number): Promise<KeyStanding> {
  const key = keyGenerationKey(opened.key.name, generation);
  const found = await Promise.all(vault.stores.map((store) => readIn(store, key)));
  const judged = new Map<string, Promise<Judged>>();
  const copies = await Promise.all(
    found.map(async ({ region, object, lack }) => {
      if (!object) return { region, lack, judged: undefined };
      const hash = sha256(object);
      const judging = judged.get(hash) ?? judge(vault, opened, object);
      judged.set(hash, judging);
      return { region, lack, judged: await judging };
    }),
  );
  const truth = copies.flatMap((copy) => (copy.judged?.verdict === 'true' ? [copy.judged] : []));
  // two workers may have made one each: then only what all of them have counts
  const opens = vault.keys.map(({ region }) => region).filter((region) => truth.every((one) => one.opens.has(region)));
  return {
    generation,
    object: truth[0]?.object,
    madeAt: truth[0]?.file.madeAt ? new Date(truth[0].file.madeAt) : undefined,
    keyNames: (truth[0]?.file.wraps ?? []).map(({ region, keyName }) => ({ region, keyName })),
    opens: truth.length > 0 ? opens : [],
    lacks: [...copies.flatMap(copyLack), ...truth.flatMap(({ lacks }) => lacks).filter(firstOfItsRegion)],
  };
}

const firstOfItsRegion = (lack: KeyLack, index: number, all: readonly KeyLack[]): boolean =>
  all.findIndex(({ region }) => region === lack.region) === index;

interface Copy {
  readonly region: Region;
  readonly lack: KeyLack | undefined;
  readonly judged: Judged | undefined;
}

function copyLack({ region, lack, judged }: Copy): KeyLack[] {
  if (lack) return [lack];
  switch (judged?.verdict) {
    case 'foreign':
      return [{ region, what: 'copy', problem: 'What lies there gives another key.', kind: 'foreign' }];
    case 'unknown':
      return [{ region, what: 'copy', problem: 'No key service that answers opens it.', kind: 'silent' }];
    case 'true':
    case undefined:
      return [];
  }
}

async function readIn(store: ObjectStore, key: string): Promise<{ region: Region; object?: Buffer; lack?: KeyLack }> {
  const { region } = store;
  try {
    return { region, object: await store.get(key) };
  } catch (thrown) {
    const error = asDrError(thrown);
    const kind = error.code === 'NOT_FOUND' ? 'absent' : isUnavailable(error) ? 'silent' : 'refused';
    return { region, lack: { region, what: 'copy', problem: error.message, kind } };
  }
}

/** A key object's bytes as they were found, and what they are worth. */
export interface Judged {
  readonly object: Buffer;
  readonly file: Pick<KeyFile, 'madeAt' | 'wraps'>;
  /** `foreign`: a wrap of it gives another key, or it is none. `unknown`: nothing in it could be opened now. */
  readonly verdict: 'true' | 'foreign' | 'unknown';
  readonly opens: ReadonlySet<Region>;
  readonly lacks: readonly KeyLack[];
}

/** Whether a key object is what it should be: every wrap in it is opened by its own region's service alone. */
export async function judge(
  vault: Pick<Vault, 'keys'>,
  opened: Pick<OpenedKey, 'key'>,
  object: Buffer,
): Promise<Judged> {
  let file: KeyFile;
  try {
    file = decodeKeyFile(object, opened.key.name);
  } catch {
    return { object, file: { wraps: [] }, verdict: 'foreign', opens: new Set(), lacks: [] };
  }
  const tried = await Promise.all(
    vault.keys.map(async (service) => ({ region: service.region, ...(await tryWrap(service, file.wraps, opened)) })),
  );
  const opens = new Set(tried.filter(({ gives }) => gives === 'the key').map(({ region }) => region));
  const verdict = tried.some(({ gives }) => gives === 'another key') ? 'foreign' : opens.size > 0 ? 'true' : 'unknown';
  return { object, file, verdict, opens, lacks: tried.flatMap(({ lack }) => lack ?? []) };
}

interface Tried {
  readonly gives: 'the key' | 'another key' | 'nothing';
  readonly lack?: KeyLack;
}

async function tryWrap(service: KeyService, wraps: readonly Wrap[], { key }: Pick<OpenedKey, 'key'>): Promise<Tried> {
  const { region } = service;
  const wrap = wraps.find((candidate) => candidate.region === region);
  const lacking = (kind: KeyLack['kind'], problem: string): Tried => ({
    gives: 'nothing',
    lack: { region, what: 'wrap', problem, kind },
  });
  if (!wrap) return lacking('absent', `It was made without ${region}.`);
  let bytes: Buffer;
  try {
    bytes = await service.unwrap(Buffer.from(wrap.wrapped, 'base64'), contextOf(key.name));
  } catch (thrown) {
    const error: DrError = asDrError(thrown);
    return lacking(isUnavailable(error) ? 'silent' : 'refused', error.message);
  }
  try {
    // the same bytes as a key that opened the manifest: opening it with each wrap again would prove no more
    return { gives: same(bytes, key.bytes) ? 'the key' : 'another key' };
  } finally {
    bytes.fill(0);
  }
}
