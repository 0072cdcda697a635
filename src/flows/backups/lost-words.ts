import { bold, type Text, utc } from '#core';
import { sayLost } from '#integrity';
import type { Lost, RestorableWindow } from '#vault';

const secondOf = (seconds: number): Date => new Date(seconds * 1000);

/** One line for each stretch that is lost: the seconds that can't be restored because of it, why, and what to do. */
export function lostLines(lost: readonly Lost[], windows: readonly RestorableWindow[]): Text[] {
  return lost.map((each): Text => {
    const from = secondOf(each.from.seconds);
    const again = windows.find((window) => window.from.getTime() >= each.through.seconds * 1000);
    const span = again ? `from ${utc(from)} to ${utc(new Date(again.from.getTime() - 1000))}` : `since ${utc(from)}`;
    const next = again ? '' : ' Begin anew behind it: /dr backup mongodb';
    const look = each.why === 'gone' ? ' Look for it: /dr verify captured' : '';
    return [bold('Not'), ` ${span}: ${sayLost(each)}.${look}${next}`];
  });
}
