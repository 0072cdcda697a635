/** The basic alphabet of GSM 03.38, as far as plain texts use it; the second row costs two septets. */
const BASIC = /^[A-Za-z0-9 @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà\n\r]$/u;
const EXTENDED = /^[\^{}\\[\]~|€]$/u;

/** A text in letters that an SMS carries: others lose their marks, or become a question mark. */
export const toGsm = (text: string): string =>
  [...text.replace(/\s+/gu, ' ').trim()].map((letter) => (septets(letter) > 0 ? letter : plain(letter))).join('');

function plain(letter: string): string {
  const bare = [...letter.normalize('NFKD').replace(/\p{M}+/gu, '')];
  return bare.length > 0 && bare.every((each) => septets(each) > 0) ? bare.join('') : '?';
}

function septets(letter: string): number {
  if (BASIC.test(letter)) return 1;
  return EXTENDED.test(letter) ? 2 : 0;
}

/** How many of an SMS's 160 places a text takes. */
export const gsmLength = (text: string): number => [...text].reduce((sum, letter) => sum + septets(letter), 0);

/** The text, cut with `...` where it takes more than `most` places. */
export function cutGsm(text: string, most: number): string {
  if (gsmLength(text) <= most) return text;
  let cut = '';
  for (const letter of text) {
    if (gsmLength(cut) + septets(letter) > most - 3) break;
    cut += letter;
  }
  return most >= 3 ? `${cut.trimEnd()}...` : '';
}
