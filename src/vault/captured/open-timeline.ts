import { DrError, documentsOf, type RawDocument, type Region, type Sha256, sha256 } from '#core';
import { compareOplogTimes, formatOplogTime, type OplogTime } from '#ports';
import type { Damage } from '../backup-check.ts';
import { type DataKey, openWithDataKey } from '../data-key.ts';
import { firstGood } from '../first-good.ts';
import { entryTime } from '../kept-entries.ts';
import type { Vault } from '../vault.ts';
import { type CapturedHeader, decodeCaptured } from './captured-file.ts';
import type { StoredRange } from './captured-range.ts';
import { provesItsName } from './proves-its-name.ts';
import type { Timeline } from './timelines.ts';

/** A captured segment, proved: it is what its name says and follows the one before. */
export interface CapturedSegment {
  readonly range: StoredRange;
  readonly header: CapturedHeader;
  readonly entries: Buffer;
  /** Of the object: what its successor names as `previous`. */
  readonly hash: Sha256;
}

/** A timeline whose entries can be read. */
export interface OpenTimeline {
  /**
   * The segments that have entries after `after` and before `before`, in order, each proved: by its key's cipher, by its
   * own name, by the hash that its successor has of it. Throws BACKUP_DAMAGED (permanent) when no region has a good copy
   * or the names do not lead from the one time to the other, OBJECT_STORE_UNAVAILABLE or SERVICE_UNAVAILABLE (transient) while one that may is out of reach.
   */
  segments(after: OplogTime, before: OplogTime): AsyncGenerator<CapturedSegment>;
  /** The entry at exactly that time; undefined when the timeline does not have it. Throws as `segments` does. */
  entryAt(time: OplogTime): Promise<RawDocument | undefined>;
  /** Forgets the keys. */
  close(): void;
}

/** Objects asked for ahead of the one that is read: segments are small and the way to them is long. */
const AHEAD = { segment: 6, archive: 1 };

/** Opens a timeline. A copy that is missing or damaged is passed over for another region's, and goes to `onDamage`. */
export function openTimeline(
  vault: Vault,
  timeline: Timeline,
  onDamage: (damage: Damage) => void = () => undefined,
): OpenTimeline {
  const keys = new Map<string, DataKey>();
  const read = (range: StoredRange): Promise<CapturedSegment> => readRange(vault, range, keys, onDamage);
  return {
    async *segments(after, before) {
      const wanted = timeline.ranges.filter(
        ({ from, through }) => compareOplogTimes(through, after) > 0 && compareOplogTimes(from, before) < 0,
      );
      refuseHoles(wanted, after, before);
      let previous: string | undefined;
      for await (const { range, header, entries, hash } of ahead(wanted, read)) {
        if (previous !== undefined && header.previous !== previous) throw broken(range);
        previous = header.last ?? hash;
        yield { range, header, entries, hash };
      }
    },
    async entryAt(time) {
      const range = timeline.ranges.find(
        ({ from, through }) => compareOplogTimes(from, time) < 0 && compareOplogTimes(through, time) >= 0,
      );
      if (!range) return undefined;
      for (const entry of documentsOf((await read(range)).entries)) {
        if (compareOplogTimes(entryTime(entry), time) === 0) return Buffer.from(entry);
      }
      return undefined;
    },
    close() {
      for (const key of keys.values()) key.forget();
      keys.clear();
    },
  };
}

async function* ahead(
  ranges: readonly StoredRange[],
  read: (range: StoredRange) => Promise<CapturedSegment>,
): AsyncGenerator<CapturedSegment> {
  const asked: Promise<CapturedSegment>[] = [];
  for (let next = 0; next < ranges.length || asked.length > 0; ) {
    for (; next < ranges.length; next += 1) {
      const range = ranges[next];
      if (!range || asked.length > AHEAD[range.kind]) break;
      const reading = read(range);
      // looked at in its turn; until then a failure must not end the process as unhandled
      reading.catch(() => undefined);
      asked.push(reading);
    }
    const first = asked.shift();
    if (first) yield await first;
  }
}

function readRange(
  vault: Vault,
  range: StoredRange,
  keys: Map<string, DataKey>,
  onDamage: (damage: Damage) => void,
): Promise<CapturedSegment> {
  return firstGood(
    vault.stores,
    async (store) => {
      const object = await store.get(range.key);
      return { range, ...(await open(vault, range, object, keys)), hash: sha256(object) };
    },
    (region, { code, message }) => {
      // a region that never had it lost nothing
      if (code !== 'NOT_FOUND' || has(range, region)) onDamage({ region, segment: range.key, problem: message });
    },
    {
      message: `What was captured up to ${formatOplogTime(range.through)} is damaged in every region.`,
      hint: 'Choose a time before it or after the next backup: /dr backups --window',
      data: { segment: range.key, from: formatOplogTime(range.from), through: formatOplogTime(range.through) },
    },
  );
}

const has = ({ regions }: StoredRange, region: Region): boolean => regions.includes(region);

async function open(vault: Vault, range: StoredRange, object: Buffer, keys: Map<string, DataKey>) {
  const { key } = provesItsName(range, object);
  const known = keys.get(key);
  if (known) return decodeCaptured(object, known.bytes);
  const { decoded, key: opened } = await openWithDataKey(vault, key, (fresh) => ({
    decoded: decodeCaptured(object, fresh.bytes),
    key: fresh,
  }));
  const other = keys.get(key);
  if (other) opened.forget();
  else keys.set(key, opened);
  return decoded;
}

/** Names may be gone since somebody looked: what is left must lead from the one time to the other, or nothing is read. */
function refuseHoles(wanted: readonly StoredRange[], after: OplogTime, before: OplogTime): void {
  let reached = after;
  for (const { from, through } of wanted) {
    if (compareOplogTimes(from, reached) > 0) throw hole(reached, from);
    reached = through;
  }
  const isThere = reached.seconds === before.seconds && reached.increment + 1 >= before.increment;
  if (!isThere && compareOplogTimes(reached, before) < 0) throw hole(reached, before);
}

const hole = (from: OplogTime, through: OplogTime): DrError =>
  new DrError(
    'BACKUP_DAMAGED',
    'permanent',
    `What was captured between ${formatOplogTime(from)} and ${formatOplogTime(through)} is in no region that answers.`,
    {
      hint: 'Look for it: /dr verify captured. What can be restored: /dr backups --window',
      data: { from: formatOplogTime(from), through: formatOplogTime(through) },
    },
  );

const broken = (range: StoredRange): DrError =>
  new DrError(
    'BACKUP_DAMAGED',
    'permanent',
    `What was captured from ${formatOplogTime(range.from)} on does not follow what was captured before it.`,
    { hint: 'Choose a time before it: /dr backups --window', data: { segment: range.key } },
  );
