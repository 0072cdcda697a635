/** Words from anywhere, on one line. */
export const oneLine = (words: string): string => words.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
