const ONES = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
] as const;
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'] as const;

/** `seventeen`; from a hundred on digit by digit, which is clearer on a bad line. */
export function spokenNumber(number: number): string {
  const small = ONES[number];
  if (small) return small;
  if (number < 100)
    return [TENS[Math.floor(number / 10)], ONES[number % 10]].filter((word) => word !== 'zero').join(' ');
  return [...String(number)].map((digit) => ONES[Number(digit)] ?? digit).join(' ');
}

/** `us-east-1 database` as it is said: `U S east one database`. */
export const spoken = (words: string): string =>
  words
    .replace(/\b([a-z]{2})-([a-z]+)-([0-9])\b/g, (_, land: string, side: string, number: string) =>
      [...land.toUpperCase(), side, spokenNumber(Number(number))].join(' '),
    )
    .replace(/\b[0-9]{1,9}\b/g, (digits) => spokenNumber(Number(digits)))
    .replace(/[^\p{L}\p{N} .,']+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
