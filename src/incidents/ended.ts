import { bold, formatDuration, outside, say, type Text } from '#core';
import { withFact } from './facts.ts';
import type { Incident } from './incident.ts';
import { severityWord, type View } from './view.ts';

type Ending = Omit<NonNullable<Incident['ending']>, 'at'>;

/** The incident as it ended: nobody is called any more, and the pager is told so. */
export function ended(incident: Incident, ending: Ending, view: View): Incident {
  const { recoveringSince: _, ...rest } = incident;
  const over: Incident = {
    ...rest,
    state: 'resolved',
    ending: { ...ending, at: view.now },
    pagerKeys: closedKeys(incident),
  };
  return withFact(over, { kind: 'resolved', by: ending.by, text: endText(over, ending, view) });
}

export const closedKeys = ({ pagerKeys }: Incident): Incident['pagerKeys'] =>
  pagerKeys.map((each) => ({ ...each, wanted: 'resolved' as const }));

function endText(incident: Incident, { how, by, why }: Ending, view: View): Text {
  const took = formatDuration(view.now.getTime() - incident.since.getTime());
  const head = how === 'not-an-incident' ? 'NOT AN INCIDENT' : 'RESOLVED';
  const because = by === 'holdfast' ? `: ${why}` : say`: ${outside(why)}`;
  const counted = incident.acknowledgements.find(({ counts }) => counts);
  const acknowledged = counted
    ? `Acknowledged in ${formatDuration(counted.at.getTime() - incident.openedAt.getTime())}.`
    : 'Nobody acknowledged it.';
  return say`${bold(head)}${because}. ${severityWord(incident.severity)}, ${took}. ${acknowledged}`;
}
