/** What an SMS gateway counts; its own table, so that it can tell when a client counted wrongly. */
const BASIC = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]$/;
const EXTENDED = /^[\f^{}\\[~\]|€]$/;

/** In septets; undefined where a character is in no GSM table. */
export function smsLength(text: string): number | undefined {
  let length = 0;
  for (const character of text) {
    if (BASIC.test(character)) length += 1;
    else if (EXTENDED.test(character)) length += 2;
    else return undefined;
  }
  return length;
}
