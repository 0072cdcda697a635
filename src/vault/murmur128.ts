const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * MurmurHash3_x86_128 with seed 0 of `bytes[from, to)`, into four words. Written out, and reading words
 * where they are, because this runs for every document of a backup: calls, a view a document and boxed numbers would cost more
 * than the hash.
 */
export function murmur128(bytes: DataView, from: number, to: number, into: Uint32Array): void {
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  let at = from;
  for (const last = to - 16; at <= last; at += 16) {
    let k1 = bytes.getInt32(at, true);
    let k2 = bytes.getInt32(at + 4, true);
    let k3 = bytes.getInt32(at + 8, true);
    let k4 = bytes.getInt32(at + 12, true);
    k1 = Math.imul(rotate(Math.imul(k1, C1), 15), C2);
    h1 = (Math.imul((rotate(h1 ^ k1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    k2 = Math.imul(rotate(Math.imul(k2, C2), 16), C3);
    h2 = (Math.imul((rotate(h2 ^ k2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    k3 = Math.imul(rotate(Math.imul(k3, C3), 17), C4);
    h3 = (Math.imul((rotate(h3 ^ k3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    k4 = Math.imul(rotate(Math.imul(k4, C4), 18), C1);
    h4 = (Math.imul((rotate(h4 ^ k4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  // the rest, up to 15 bytes, as four words filled with zeros
  h1 ^= Math.imul(rotate(Math.imul(tail(bytes, at, to), C1), 15), C2);
  h2 ^= Math.imul(rotate(Math.imul(tail(bytes, at + 4, to), C2), 16), C3);
  h3 ^= Math.imul(rotate(Math.imul(tail(bytes, at + 8, to), C3), 17), C4);
  h4 ^= Math.imul(rotate(Math.imul(tail(bytes, at + 12, to), C4), 18), C1);
  const length = to - from;
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = mix(h1);
  h2 = mix(h2);
  h3 = mix(h3);
  h4 = mix(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  into[0] = h1;
  into[1] = h2 + h1;
  into[2] = h3 + h1;
  into[3] = h4 + h1;
}

function tail(bytes: DataView, at: number, to: number): number {
  let value = 0;
  for (let offset = 0; offset < 4 && at + offset < to; offset += 1)
    value |= bytes.getUint8(at + offset) << (8 * offset);
  return value;
}
