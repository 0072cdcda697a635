import { bold, type Text } from '#core';
import type { Comparison } from '#vault';

const SHOWN = 5;

/** `2 new: B-1123-0800, B-1123-0900`, one line for each kind; none where nothing differed. */
export function differenceLines({ added, changed, gone }: Comparison): Text[] {
  const kinds = [
    ['new', added],
    ['changed', changed],
    ['gone from the buckets', gone],
  ] as const;
  return kinds.flatMap(([words, { count, first }]): Text[] =>
    count === 0 ? [] : [[`${count} ${words}: ${shown(first, count)}`]],
  );
}

/** What could not be read, opened or asked, and why; none where all was well. */
export function troubleLines({ unreadable, unproved, unseen, silent }: Comparison): Text[] {
  const kinds = [
    ['Can not be read in any region', unreadable, 'Look for a whole copy: /dr verify all'],
    ['Read, but opened by no key', unproved, 'Its header is as the buckets have it, not proved. Why: dr doctor'],
    ['Not looked at this time', unseen, 'Left as it was.'],
  ] as const;
  return [
    ...kinds.flatMap(([words, { count, first }, next]): Text[] =>
      count === 0
        ? []
        : [
            [bold(words), `: ${count}`],
            ...first.slice(0, SHOWN).map(({ backup, problem }): Text => [`  ${backup}: ${problem}`]),
            ...(count > SHOWN ? [[`  and ${count - SHOWN} more`] satisfies Text] : []),
            [`  ${next}`],
          ],
    ),
    ...silent.map(({ region, problem }): Text => [bold(`No answer from ${region}`), `: ${problem}`]),
  ];
}

const shown = (backups: readonly string[], count: number): string =>
  backups.slice(0, SHOWN).join(', ') + (count > SHOWN ? ` and ${count - SHOWN} more` : '');
