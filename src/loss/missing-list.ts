import { keyOf, LISTED, type LossReceipt, type MissingWrite } from './receipt.ts';

const RANK = { driver: 0, vault: 1, member: 2 } as const;

/** Gathers what is missing, each document once, whoever knows of it. */
export class MissingList {
  readonly #byKey = new Map<string, MissingWrite>();

  constructor(known: readonly MissingWrite[] = []) {
    for (const write of known) this.#byKey.set(keyOf(write), write);
  }

  get size(): number {
    return this.#byKey.size;
  }

  has(write: Pick<MissingWrite, 'namespace' | 'id'>): boolean {
    return this.#byKey.has(keyOf(write));
  }

  /** What was listed stays listed: it may become known better, never unknown. An insert that was changed later is still one. */
  add(write: MissingWrite): void {
    const before = this.#byKey.get(keyOf(write));
    if (!before) {
      this.#byKey.set(keyOf(write), write);
      return;
    }
    const better = RANK[write.known] < RANK[before.known] ? write : before;
    const what = before.what === 'insert' && write.what === 'update' ? 'insert' : before.what;
    this.#byKey.set(keyOf(write), { ...before, ...better, what });
  }

  /** A document that was written again and again: what it came to is what its last write was. */
  follow(write: MissingWrite): void {
    const before = this.#byKey.get(keyOf(write));
    if (!before) this.#byKey.set(keyOf(write), write);
    if (!before || before.known === 'driver') return;
    const what = before.what === 'insert' && write.what === 'update' ? 'insert' : write.what;
    this.#byKey.set(keyOf(write), { ...before, what });
  }

  setBack(write: Pick<MissingWrite, 'namespace' | 'id'>, back: NonNullable<MissingWrite['back']>): boolean {
    const before = this.#byKey.get(keyOf(write));
    if (!before || before.back) return false;
    this.#byKey.set(keyOf(write), { ...before, back });
    return true;
  }

  /** The oldest first. */
  all(): MissingWrite[] {
    return [...this.#byKey.values()].sort((a, b) => a.at.getTime() - b.at.getTime() || (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** What a receipt says of them. */
  summary(): Pick<LossReceipt, 'missing' | 'count' | 'byCollection' | 'oldest' | 'newest' | 'back'> {
    const all = this.all();
    const byCollection: Record<string, number> = {};
    for (const { namespace } of all) byCollection[namespace] = (byCollection[namespace] ?? 0) + 1;
    const [first, last] = [all[0], all.at(-1)];
    return {
      missing: all.slice(0, LISTED),
      count: all.length,
      byCollection,
      ...(first && last ? { oldest: first.at, newest: last.at } : {}),
      back: all.filter(({ back }) => back).length,
    };
  }
}
