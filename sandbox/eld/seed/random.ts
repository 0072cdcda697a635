/** Seeded randomness (mulberry32): the same seed gives the same company. */
export type Random = {
  /** In [0, 1). */
  next(): number;
  /** Whole, from `from` up to and without `to`. */
  int(from: number, to: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  bytes(length: number): Uint8Array;
  /** Upper-case letters and digits. */
  code(length: number): string;
};

const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789';

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from));
  return {
    next,
    int,
    pick: (list) => list[int(0, list.length)] ?? list[0],
    bytes: (length) => Uint8Array.from({ length }, () => int(0, 256)),
    code: (length) => Array.from({ length }, () => LETTERS[int(0, LETTERS.length)]).join(''),
  };
}
