import type { FaultRow } from './run-fault.ts';

const WAY_WORDS: Readonly<Record<string, string>> = {
  pager: 'PagerDuty',
  direct: 'Slack message',
  sms: 'SMS',
  voice: 'telephone',
};

/** One line of the table. */
export function rowText(row: FaultRow): string {
  const { fault, found, check, severity, paged, ways, afterSeconds, proposedSeconds } = row;
  const cells =
    found.length === 0
      ? [fault, 'nothing: it is over before three checks have failed', '-', 'nobody', '-', '-', '-']
      : [
          fault,
          found.join('; ').replace(/ since \d\d:\d\d UTC,/, ':'),
          `\`${check}\`, ${severity}`,
          paged.join(', '),
          ways.map((way) => WAY_WORDS[way] ?? way).join(', '),
          `${afterSeconds} s`,
          proposedSeconds === undefined ? 'no' : `${proposedSeconds} s`,
        ];
  return `| ${cells.join(' | ')} |`;
}

/** docs/faults.md. */
export const faultTable = (rows: readonly FaultRow[]): string => `# What is seen of a fault, who is called, and when

Made by \`npm run soak -- faults\`: the real probes, three detectors, judge, incidents and pages of the ELD plan, with each thing
broken in turn, by a clock that is moved. \`npm test\` runs some of it again and compares. Stopped: refused at once. Slow: no answer
before the probe's deadline of 10 s. Detectors look every 30 s and 7 s apart; the fault begins a second after the first one has
looked, which is the longest wait there is. After the first call the ladder of the severity goes on until somebody has it.

"Failover asked for" is when the thresholds of plan.yaml are reached where users are; it is asked for only when the target is
ready, and never twice within an hour.

| Fault | What people are told | Check and severity | Called first | By | After | Failover asked for |
|---|---|---|---|---|---|---|
${rows.map(rowText).join('\n')}

That a slow primary is "no answer" and not a slow one: a write that reaches a majority is the probe, and either it is there within
10 s or nobody is served. One of two members of a region is less redundancy; the region's only one is the way out lost, so it is told
as that of a standby. An alarm (a late backup, data at risk, damage) is an incident of its own, see decision 0026.
`;
