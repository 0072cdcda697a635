/** Plain words for a place of limited length: cut at whole characters, ending in "..." where something is missing. */
export function cut(words: string, limit: number): string {
  if (words.length <= limit) return words;
  let kept = '';
  for (const character of words) {
    if (kept.length + character.length > limit - 3) break;
    kept += character;
  }
  return `${kept}...`;
}
