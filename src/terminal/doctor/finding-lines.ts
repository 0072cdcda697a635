import type { Finding } from './check.ts';

const NAME_WIDTH = 22;

/** `OK     Redis                 answers in 2 ms`; what is wrong has its way out below it. */
export function findingLines(findings: readonly Finding[], columns: number): string[] {
  const wrong = findings.filter(({ state }) => state === 'WRONG');
  const narrow = columns < 60;
  const last =
    wrong.length === 0
      ? `All ${findings.length} OK.`
      : `${wrong.length} of ${findings.length} WRONG. Nothing was changed.`;
  return [
    ...findings.flatMap((finding) => {
      const head = `${finding.state.padEnd(5)}  ${narrow ? finding.name : finding.name.padEnd(NAME_WIDTH)}`;
      const [first = '', ...more] = finding.words.split('\n');
      const indent = narrow ? '       ' : ' '.repeat(7 + NAME_WIDTH + 1);
      return [
        ...(narrow ? [head, ...wrap(first, indent, columns)] : wrap(`${head} ${first}`, indent, columns)),
        ...more.flatMap((line) => wrap(line, indent, columns)),
        ...(finding.state === 'WRONG' ? wrap(`Fix: ${finding.fix}`, indent, columns) : []),
      ];
    }),
    last,
  ];
}

/** Continues under the indent; a line that starts a finding keeps its own start. */
function wrap(text: string, indent: string, columns: number): string[] {
  const width = Math.max(40, columns);
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(/(?<=\S) /)) {
    const next = row === '' ? word : `${row} ${word}`;
    if (next.length + (rows.length === 0 && !text.startsWith('Fix') ? 0 : indent.length) > width && row !== '') {
      rows.push(row);
      row = word;
    } else row = next;
  }
  const isHead = /^(OK|WRONG) /.test(text);
  return [...rows, row].map((each, index) => (index === 0 && isHead ? each : indent + each));
}
