import { sha256 } from '#core';
import type { OplogTime } from '#ports';
import {
  type CapturedHeader,
  type CapturedRange,
  createNamedKey,
  type DataKey,
  encodeCaptured,
  entryTime,
  FORMAT,
  FORMAT_VERSION,
  hourKeyName,
  NONCE_BYTES,
  rangeKey,
  type Vault,
} from '#vault';

const keysOf = new WeakMap<Vault, Map<string, DataKey>>();
const previous = new WeakMap<Vault, Map<number, ReturnType<typeof sha256>>>();

/** Captures entries as capture does, each in a segment of its own, after that time on that timeline. */
export async function captured(vault: Vault, timeline: number, after: OplogTime, entries: readonly Buffer[]) {
  const hashes = previous.get(vault) ?? new Map<number, ReturnType<typeof sha256>>();
  previous.set(vault, hashes);
  const keys = keysOf.get(vault) ?? new Map<string, DataKey>();
  keysOf.set(vault, keys);
  const lock = { mode: 'governance', until: new Date(Date.now() + 86_400_000) } as const;
  let from = { seconds: after.seconds, increment: after.increment };
  for (const content of entries) {
    const range: CapturedRange = { timeline, token: 1, from, through: entryTime(content) };
    const name = hourKeyName(range);
    const key = keys.get(name) ?? (await createNamedKey(vault, name, lock));
    keys.set(name, key);
    const before = hashes.get(timeline) ?? null;
    const header: CapturedHeader = {
      ...{ format: FORMAT, version: FORMAT_VERSION, ...range, key: key.name, entries: 1, plainBytes: content.length },
      previous: before,
      ...(before === null ? { begins: { reason: timeline === 1 ? 'first' : 'gap' } as const } : {}),
    };
    const object = encodeCaptured(header, content, key.bytes, vault.random(NONCE_BYTES));
    for (const store of vault.stores) await store.put(rangeKey(range), object, { lock, ifAbsent: true });
    hashes.set(timeline, sha256(object));
    from = range.through;
  }
}
