import { elementsOf } from './read.ts';
import { BsonType, type RawValue } from './types.ts';

/**
 * The same text for values that the server takes for equal, and only for those: 1, 1.0, NumberLong(1) and
 * NumberDecimal("1.00") are one `_id`, whose type a replacement may change. Inside documents too. Field order counts.
 * Source: MongoDB manual, "Comparison/Sort Order" (numeric types are compared as numbers, symbols as strings).
 */
export function valueKey({ type, bytes }: RawValue): string {
  switch (type) {
    case BsonType.int32:
      return `n${bytes.readInt32LE(0)}`;
    case BsonType.int64:
      return `n${bytes.readBigInt64LE(0)}`;
    case BsonType.double:
      return `n${doubleKey(bytes)}`;
    case BsonType.decimal128:
      return `n${decimalKey(bytes)}`;
    case BsonType.document:
    case BsonType.array:
      return `${type}{${[...elementsOf(bytes)].map((field) => `${sized(field.name)}${sized(valueKey(field))}`).join('')}}`;
    case BsonType.symbol:
      return `${BsonType.string}:${bytes.toString('latin1')}`;
    default:
      return `${type}:${bytes.toString('latin1')}`;
  }
}

/** With its length before it, so that no text can end another. */
const sized = (text: string): string => `${text.length}:${text}`;

function doubleKey(bytes: Buffer): string {
  const value = bytes.readDoubleLE(0);
  if (!Number.isFinite(value)) return String(value);
  // minus zero is zero
  if (Number.isInteger(value)) return String(BigInt(value));
  const bits = bytes.readBigUInt64LE(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  const coefficient = exponent === 0 ? fraction : fraction | (1n << 52n);
  // Not an integer, so the power of two is negative: m / 2^k is exactly m * 5^k / 10^k.
  const halvings = 1075 - Math.max(exponent, 1);
  return scientific(value < 0, coefficient * 5n ** BigInt(halvings), -halvings);
}

const BIAS = 6176;

/** IEEE 754-2008 decimal128 in its binary integer encoding, as BSON has it. */
function decimalKey(bytes: Buffer): string {
  const low = bytes.readBigUInt64LE(0);
  const high = bytes.readBigUInt64LE(8);
  const negative = high >> 63n === 1n;
  if (((high >> 58n) & 0x1fn) === 0x1fn) return 'NaN';
  if (((high >> 58n) & 0x1fn) === 0x1en) return negative ? '-Infinity' : 'Infinity';
  // The other form has a coefficient that is too long to be valid, and stands for zero.
  if (((high >> 61n) & 3n) === 3n) return '0';
  const exponent = Number((high >> 49n) & 0x3fffn) - BIAS;
  return scientific(negative, ((high & ((1n << 49n) - 1n)) << 64n) | low, exponent);
}

/** One text a number: an integer in full, anything else as digits without trailing zeros and a power of ten. */
function scientific(negative: boolean, coefficient: bigint, exponent: number): string {
  if (coefficient === 0n) return '0';
  let digits = coefficient.toString();
  let power = exponent;
  const zeros = digits.length - digits.replace(/0+$/, '').length;
  digits = digits.slice(0, digits.length - zeros);
  power += zeros;
  const sign = negative ? '-' : '';
  return power >= 0 ? `${sign}${digits}${'0'.repeat(power)}` : `${sign}${digits}e${power}`;
}
