import type { Region } from '#core';
import {
  decodeKeyFile,
  inParallel,
  type KeyList,
  type KeyListing,
  keyGenerationKey,
  listKeys,
  newestGeneration,
  sayKeyUse,
  type Vault,
} from '#vault';

/** A key as its newest file describes itself; only for showing, since nothing of it is proved. */
export interface KeyLook {
  readonly key: string;
  readonly madeAt: Date | undefined;
  /** Regions that its newest generation lacks a wrap or a copy of. */
  readonly lacks: readonly Region[];
  readonly wraps: readonly { readonly region: Region; readonly keyName: string }[];
}

export interface KeyOverview {
  readonly keys: readonly KeyLook[];
  readonly unreachable: readonly Region[];
  /** Backups whose manifest no region could give. */
  readonly unreadable: readonly string[];
}

/** All keys at one look, newest backup first: lists and newest files only, nothing is opened. Throws as `listKeys`. */
export async function lookAtKeys(vault: Vault): Promise<KeyOverview> {
  const list = await listKeys(vault);
  const keys = await inParallel(list.keys, 16, (listing) => look(vault, list, listing));
  return { keys, unreachable: list.unreachable, unreadable: list.unreadable.map(({ place }) => place.backup) };
}

async function look(vault: Vault, { unreachable }: KeyList, listing: KeyListing): Promise<KeyLook> {
  const newest = newestGeneration(listing);
  const has = (region: Region): boolean => listing.generations.get(region)?.includes(newest) === true;
  const file = await newestFile(vault, listing, newest);
  const wraps = file?.wraps.map(({ region, keyName }) => ({ region, keyName })) ?? [];
  const answering = vault.stores.map(({ region }) => region).filter((region) => !unreachable.includes(region));
  const lacks = [
    ...answering.filter((region) => !has(region)),
    ...vault.keys.map(({ region }) => region).filter((region) => !wraps.some((wrap) => wrap.region === region)),
  ];
  return {
    key: sayKeyUse(listing.use),
    madeAt: file?.madeAt ? new Date(file.madeAt) : undefined,
    lacks: [...new Set(lacks)],
    wraps,
  };
}

/** Of the first region that has it and can be read; undefined when none can. */
async function newestFile(vault: Vault, { name, generations }: KeyListing, generation: number) {
  for (const store of vault.stores.filter(({ region }) => generations.get(region)?.includes(generation))) {
    try {
      return decodeKeyFile(await store.get(keyGenerationKey(name, generation)), name);
    } catch {
      // damaged or out of reach here: another region may have it
    }
  }
  return undefined;
}
