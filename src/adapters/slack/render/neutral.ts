/** Look-alikes that Slack does not read as markup. It has no way to escape these four. */
const LOOK_ALIKE: Readonly<Record<string, string>> = { '*': '\u2217', _: '\uff3f', '~': '\u223c', '`': '\u02cb' };

/**
 * Words as Slack shows them literally, whatever they contain: no link, mention, channel call, bold, code, quotation or
 * emoji comes of them. Line breaks stay; other control codes and bidirectional overrides, which can make a text read
 * differently from what it says, go.
 */
export function neutral(words: string): string {
  return (
    words
      .replace(/[^\P{Cc}\n]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // Inside a word (driver_logs) they are no markup and stay, so that names can be copied.
      .replace(/(?<![\p{L}\p{N}_])[*_~]|[*_~](?![\p{L}\p{N}_])/gu, (sign) => LOOK_ALIKE[sign] ?? sign)
      .replaceAll('`', '\u02cb')
      // A line that begins with > is shown as a quotation, escaped or not.
      .replace(/^&gt;/gm, '\u203a')
      // :tada: would become a picture; 08:14:34 has no letters between its colons.
      .replace(/:(?=[\w+'-]*[a-z][\w+'-]*:)/gi, '\ua789')
  );
}
