import type { MemoryObjectStore } from '#adapters/memory';
import { pick, type Seeded } from '../e2e/scenarios/seeded.ts';

/** What may happen to one object in one region. */
export interface Harm {
  readonly name: string;
  readonly do: (store: MemoryObjectStore, key: string, random: Seeded, other: Buffer) => Promise<void>;
}

type Change = (body: Buffer, random: Seeded, other: Buffer) => Buffer;

const CHANGES: readonly (readonly [string, Change])[] = [
  ['a flipped bit', (body, random) => flipAt(body, Math.floor(random() * body.length * 8))],
  ['a cut', (body, random) => body.subarray(0, Math.floor(random() * body.length))],
  ['nothing in it', () => Buffer.alloc(0)],
  ['bytes too many', (body) => Buffer.concat([body, Buffer.from([0])])],
  ['another object in its place', (_body, _random, other) => other],
];

/**
 * As a disk would (every version has it), as somebody would who may write (a new version), as somebody would who may
 * delete (a marker), and as an administrator would (no version is left).
 */
export const HARMS: readonly [Harm, ...Harm[]] = [
  ...(CHANGES.flatMap(([name, change]) => [
    {
      name: `${name}, on disk`,
      do: async (store, key, random, other) => {
        const body = await store.get(key);
        store.tamper(key, () => change(body, random, other));
      },
    },
    {
      name: `${name}, written over it`,
      do: async (store, key, random, other) => {
        const changed = change(await store.get(key), random, other);
        await store.put(key, changed, { lock: 'none', ifAbsent: false });
      },
    },
  ]) satisfies Harm[] as [Harm, ...Harm[]]),
  { name: 'a delete marker', do: async (store, key) => store.hide(key) },
  { name: 'all versions deleted', do: async (store, key) => store.erase(key) },
];

function flipAt(body: Buffer, bit: number): Buffer {
  const changed = Buffer.from(body);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}

type Stores = readonly [MemoryObjectStore, ...MemoryObjectStore[]];
type Keys = readonly [string, ...string[]];

/** One object of one region is harmed, unless it is not there any more. Returns what was done. */
export function harmOne(stores: Stores, keys: Keys, random: Seeded): Promise<string | undefined> {
  return harm([pick(random, stores)], pick(random, keys), keys, random);
}

/** One object is harmed in every region in the same way. */
export function harmEverywhere(stores: Stores, keys: Keys, random: Seeded): Promise<string | undefined> {
  return harm(stores, pick(random, keys), keys, random);
}

async function harm(stores: Stores, key: string, keys: Keys, random: Seeded): Promise<string | undefined> {
  const { name, do: inflict } = pick(random, HARMS);
  const area = key.split('/')[0] ?? '';
  const [kin, ...others] = keys.filter((each) => each !== key && each.startsWith(area));
  const other = kin === undefined ? key : pick(random, [kin, ...others]);
  const harmed: string[] = [];
  for (const store of stores) {
    const bytes = await store.get(other).catch(() => Buffer.from('nothing like it'));
    if (!(await store.head(key))) continue;
    await inflict(store, key, random, bytes);
    harmed.push(store.region);
  }
  return harmed.length > 0 ? `${name}: ${key} in ${harmed.join(', ')}` : undefined;
}
