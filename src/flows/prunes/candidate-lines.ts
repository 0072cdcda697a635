import { at, counted, formatBytes, type Text } from '#core';
import { type Candidate, sayRetained } from '#retention';

const SHOWN = 8;

/** What could go, one line each; hours of captured log as one line a timeline. */
export function candidateLines(candidates: readonly Candidate[]): Text[] {
  const others = candidates.filter(({ unit }) => unit.kind !== 'capture');
  const shown = others.slice(0, SHOWN).map(lineOf);
  return [
    ...shown,
    ...(others.length > SHOWN ? [[`and ${counted(others.length - SHOWN, 'more', 'more')}`] as Text] : []),
    ...logLines(candidates),
  ];
}

function lineOf({ unit, why, from, retained }: Candidate): Text {
  const name = unit.kind === 'capture' ? unit.hour : unit.place.backup;
  const what = unit.kind === 'attempt' ? `${unit.place.year}, attempt ${unit.attempt}` : unit.kind;
  const when: Text = from ? ['could go from ', at(from)] : [];
  return [
    `${name} (${what}), ${formatBytes(unit.bytes)}: ${why}; `,
    ...when,
    retained ? ` retained ${sayRetained(retained)}` : '',
  ];
}

function logLines(candidates: readonly Candidate[]): Text[] {
  const byTimeline = new Map<string, Candidate[]>();
  for (const each of candidates) {
    if (each.unit.kind !== 'capture') continue;
    byTimeline.set(each.unit.timeline, [...(byTimeline.get(each.unit.timeline) ?? []), each]);
  }
  return [...byTimeline].map(([timeline, mine]): Text => {
    const hours = mine.flatMap(({ unit }) => (unit.kind === 'capture' ? [unit.hour] : [])).sort();
    const bytes = mine.reduce((sum, { unit }) => sum + unit.bytes, 0);
    const froms = mine.flatMap(({ from }) => (from ? [from.getTime()] : []));
    return [
      `${counted(mine.length, 'hour')} of the log of timeline ${Number(timeline)}, ${hours[0]}:00 to ${hours.at(-1)}:59 UTC, `,
      `${formatBytes(bytes)}: before the window`,
      ...(froms.length > 0 ? ['; all could go from ', at(new Date(Math.max(...froms)))] : []),
    ];
  });
}
