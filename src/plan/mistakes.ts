import { counted } from '#core';
/** One thing that is wrong in plan.yaml, where it stands and what a person can do about it. */
export interface PlanMistake {
  readonly line: number;
  readonly column: number;
  /** `thresholds.error_rate_percent`; empty for the file as a whole. */
  readonly path: string;
  /** One or more sentences; the first says what is wrong. */
  readonly sentence: string;
}

const WIDTH = 58;

/** All mistakes as the person who starts Holdfast reads them, in the order of the file. */
export function sayMistakes(file: string, mistakes: readonly PlanMistake[], notStarted = true): string {
  const sorted = mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const count = counted(sorted.length, 'mistake');
  const placeWidth = Math.max(5, ...sorted.map((mistake) => sayPlace(mistake).length));
  return [
    `${file} has ${count}.${notStarted ? ' Holdfast did not start.' : ''}`,
    ...sorted.flatMap((mistake) => sayMistake(mistake, placeWidth)),
    ...(notStarted ? ['Check without starting: dr plan check'] : []),
  ].join('\n');
}

const sayPlace = ({ line, column }: PlanMistake): string => `${line}:${column}`;

function sayMistake(mistake: PlanMistake, placeWidth: number): string[] {
  const { path, sentence } = mistake;
  const place = ` ${sayPlace(mistake).padEnd(placeWidth)}  `;
  const head = path === '' ? place : `${place}${path.padEnd(18)}  `;
  const indent = ' '.repeat(place.length);
  // Each further sentence starts its own line: the second is nearly always "do this instead".
  const [first = '', ...rest] = sentence.split(/(?<=[.?]) (?=[A-Z0-9"])/);
  return [...wrap(first, head, indent), ...rest.flatMap((next) => wrap(next, indent, indent))];
}

function wrap(text: string, head: string, indent: string): string[] {
  const lines: string[] = [];
  let line = head;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
