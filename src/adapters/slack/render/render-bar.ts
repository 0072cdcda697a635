/** 24 cells: a phone in large print shows about 36 characters of code in a line. */
const CELLS = 24;

/** `[##########--------------]`: a share of time from 0 to 1. Full only when it is over. */
export function renderBar(share: number): string {
  const whole = Math.min(1, Math.max(0, share));
  const filled = whole === 1 ? CELLS : Math.min(CELLS - 1, Math.round(whole * CELLS));
  return `\`[${'#'.repeat(filled)}${'-'.repeat(CELLS - filled)}]\``;
}
