import { serialize, Timestamp } from 'bson';
import { sha256 } from '#core';
import type { ObjectLock, OplogTime } from '#ports';
import {
  type CapturedHeader,
  type CapturedRange,
  createNamedKey,
  type DataKey,
  encodeCaptured,
  FORMAT,
  FORMAT_VERSION,
  hourKeyName,
  NONCE_BYTES,
  rangeKey,
  type Vault,
} from '#vault';

const HOUR = 3_600;

/** Once: a test that runs over the end of an hour means the same one in what it makes and in what it expects. */
const THIS_HOUR = Math.floor(Date.now() / 1000 / HOUR);

/** Seconds of the beginning of the hour so many hours ago: all of it is over. */
export const hoursAgo = (hours: number): number => (THIS_HOUR - hours) * HOUR;

export const at = (seconds: number, increment = 1): OplogTime => ({ seconds, increment });

/** Further for long enough, however long the tests take. */
export const IN_TWO_DAYS: ObjectLock = {
  mode: 'governance',
  until: new Date((Math.floor(Date.now() / 1000) + 2 * 86_400) * 1000),
};

export interface MadeTimeline {
  readonly timeline: number;
  readonly token: number;
  readonly through: OplogTime;
  readonly previous: ReturnType<typeof sha256> | null;
  /** Of its segments, in order. */
  readonly keys: readonly string[];
}

export const madeFrom = (from: number, timeline = 1, token = 1): MadeTimeline => ({
  timeline,
  token,
  through: at(from),
  previous: null,
  keys: [],
});

/** Segments that go on from what was made, as capture writes them: one entry each, every region has all of them. */
export async function makeSegments(
  vault: Vault,
  before: MadeTimeline,
  { count, everySeconds }: { readonly count: number; readonly everySeconds: number },
): Promise<MadeTimeline> {
  const { timeline, token } = before;
  let { through, previous } = before;
  const keys = [...before.keys];
  let key: DataKey | undefined;
  for (let made = 0; made < count; made += 1) {
    const range: CapturedRange = { timeline, token, from: through, through: at(through.seconds + everySeconds) };
    const name = hourKeyName(range);
    if (key?.name !== name) key = await createNamedKey(vault, name, IN_TWO_DAYS);
    const content = entryAt(range.through);
    const header: CapturedHeader = {
      ...{ format: FORMAT, version: FORMAT_VERSION, ...range, key: name, entries: 1 },
      ...{ plainBytes: content.length, previous },
      ...(previous === null ? { begins: { reason: 'first' as const } } : {}),
    };
    const object = encodeCaptured(header, content, key.bytes, vault.random(NONCE_BYTES));
    for (const store of vault.stores) await store.put(rangeKey(range), object, { lock: IN_TWO_DAYS, ifAbsent: true });
    keys.push(rangeKey(range));
    through = range.through;
    previous = sha256(object);
  }
  return { timeline, token, through, previous, keys };
}

const entryAt = ({ seconds, increment }: OplogTime): Buffer =>
  Buffer.from(
    serialize({ op: 'i', ns: 'made.things', o: { _id: seconds }, ts: new Timestamp({ t: seconds, i: increment }) }),
  );
