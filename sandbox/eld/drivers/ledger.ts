import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';

/** A write the service acknowledged, as the driver remembers it. */
export const LedgerEntry = z.object({
  id: z.string(),
  /** See `hashOfDocument`. */
  hash: z.string(),
  /** When the acknowledgement arrived. */
  at: z.iso.datetime(),
  /** Whose service acknowledged it. */
  region: z.string(),
});
export type LedgerEntry = z.output<typeof LedgerEntry>;

/**
 * Every acknowledged write, one line each, oldest first, in a file: an hour of driving would not fit in memory. Only
 * where each block of a thousand begins is kept in memory. Lines are on disk within 20 ms, without fsync: the machine
 * losing power would take the servers along.
 */
export type Ledger = {
  add(entry: Omit<LedgerEntry, 'at'>, at: number): void;
  count(): number;
  blocks(): number;
  /** The entries of one block. */
  block(index: number): Promise<LedgerEntry[]>;
  /** Entries with since <= at < until, in ms since 1970, block by block. Includes everything added before the call. */
  between(since: number, until: number): AsyncGenerator<LedgerEntry[]>;
  close(): Promise<void>;
};

const BLOCK = 1000;
const FLUSH_MS = 20;
type Start = { readonly at: number; readonly offset: number };

export async function openLedger(path: string): Promise<Ledger> {
  const file = await open(path, 'a+');
  const starts: Start[] = [];
  let count = 0;
  let size = 0;
  let lastAt = 0;
  let waiting: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  function index(line: string, at: number): void {
    if (count % BLOCK === 0) starts.push({ at, offset: size });
    count += 1;
    size += Buffer.byteLength(line);
    lastAt = at;
  }
  for await (const line of wholeLines(file)) {
    index(line, Date.parse(LedgerEntry.parse(JSON.parse(line)).at));
  }
  await file.truncate(size); // an end cut by SIGKILL

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const lines = waiting.join('');
    waiting = [];
    if (lines !== '') writing = writing.then(() => file.appendFile(lines));
    return writing;
  }
  async function block(at: number): Promise<LedgerEntry[]> {
    const start = starts[at];
    if (start === undefined) return [];
    const end = starts[at + 1]?.offset ?? size;
    await flush();
    const buffer = Buffer.alloc(end - start.offset);
    await file.read(buffer, 0, buffer.length, start.offset);
    return buffer
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => LedgerEntry.parse(JSON.parse(line)));
  }
  return {
    add(entry, now) {
      const at = Math.max(now, lastAt); // a clock set back must not break the order
      const line = `${JSON.stringify({ ...entry, at: new Date(at).toISOString() })}\n`;
      index(line, at);
      waiting.push(line);
      timer ??= setTimeout(() => void flush(), FLUSH_MS);
    },
    count: () => count,
    blocks: () => starts.length,
    block,
    async *between(since, until) {
      const first = Math.max(
        0,
        starts.findLastIndex(({ at }) => at < since),
      );
      for (let at = first; at < starts.length && (starts[at]?.at ?? until) < until; at += 1) {
        const entries = (await block(at)).filter((entry) => {
          const time = Date.parse(entry.at);
          return time >= since && time < until;
        });
        if (entries.length > 0) yield entries;
      }
    },
    async close() {
      await flush();
      await file.close();
    },
  };
}

/** Lines with their line feed; an unfinished last one is left out. */
async function* wholeLines(file: FileHandle): AsyncGenerator<string> {
  let rest = '';
  const stream = file.createReadStream({ start: 0, autoClose: false, encoding: 'utf8' });
  for await (const chunk of stream) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield `${line}\n`;
  }
}
