/** Numbers in [0, 1) that a seed repeats (mulberry32). */
export type Seeded = () => number;

export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of these. */
export function pick<T>(random: Seeded, among: readonly [T, ...T[]]): T {
  return among[Math.floor(random() * among.length)] ?? among[0];
}
