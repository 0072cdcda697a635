/** The GSM 7-bit alphabet (3GPP TS 23.038): one septet each. Without the escape, which is no character. */
const ONE = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension: an escape and a septet. */
const TWO = new Set('\f^{}\\[~]|€');

/** What people write that the alphabet lacks, in its letters. Accents that it lacks are taken off besides. */
const PLAIN: Readonly<Record<string, string>> = {
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '‘': "'",
  '’': "'",
  '‚': "'",
  '`': "'",
  '´': "'",
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  '•': '-',
  '·': '.',
  '×': 'x',
  '→': '->',
  '←': '<-',
  '≥': '>=',
  '≤': '<=',
  '\u00a0': ' ',
  '\u202f': ' ',
  '\t': ' ',
};

const END = '...';

/** How much of an SMS a character takes; undefined for one that can't be in it. */
const septetsOf = (character: string): 1 | 2 | undefined =>
  ONE.has(character) ? 1 : TWO.has(character) ? 2 : undefined;

/** How many septets a text takes. Characters that are not in the alphabet count as the `?` that stands for them. */
export const septets = (text: string): number =>
  [...text].reduce((sum, character) => sum + (septetsOf(character) ?? 1), 0);

/** The whole text in GSM letters. */
export const gsmWhole = (text: string): string => [...text.normalize('NFC')].map(inGsm).join('');

/**
 * A text for an SMS: in GSM letters (others would halve its length and double its price), cut to `most` septets with `...`
 * at its end, never inside a character nor inside its escape. A text that fits comes back as it is. Pure, idempotent.
 */
export function gsmText(text: string, most = 160): string {
  const characters = [...gsmWhole(text)];
  if (septets(characters.join('')) <= most) return characters.join('');
  let taken = '';
  let left = most - septets(END);
  for (const character of characters) {
    left -= septetsOf(character) ?? 1;
    if (left < 0) break;
    taken += character;
  }
  return taken.trimEnd() + END;
}

function inGsm(character: string): string {
  if (septetsOf(character) !== undefined) return character;
  const plain = PLAIN[character];
  if (plain !== undefined) return plain;
  // Marks, joiners and variation selectors belong to a character that was answered for already.
  if (/^(?:\p{M}|\p{Cf}|[\u{1F3FB}-\u{1F3FF}])$/u.test(character)) return '';
  const bare = character.normalize('NFD').replace(/\p{M}+/gu, '');
  return bare !== '' && [...bare].every((each) => septetsOf(each) !== undefined) ? bare : '?';
}
