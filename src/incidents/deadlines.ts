import type { Incident, Leg } from './incident.ts';
import { afterMinutes, type View } from './view.ts';

/** Something that is due at a time. In the order in which those of one time are done. */
export type Deadline =
  | { readonly what: 'release'; readonly at: Date; readonly leg: Leg }
  | { readonly what: 'call'; readonly at: Date; readonly leg: Leg }
  | { readonly what: 'ask'; readonly at: Date; readonly leg: Leg }
  | { readonly what: 'response-missed'; readonly at: Date }
  | { readonly what: 'remind'; readonly at: Date }
  | { readonly what: 'resolve'; readonly at: Date };

const ORDER = ['release', 'call', 'ask', 'response-missed', 'remind', 'resolve'] as const;

/**
 * Everything that an incident has to come, the earliest first. While it recovers only its end is: nobody is woken for what is
 * well again, and what had become due meanwhile is due at once when it gets worse.
 */
export function deadlines(incident: Incident, view: View): Deadline[] {
  if (incident.state !== 'open') return [];
  const { recoveringSince } = incident;
  if (recoveringSince) return [{ what: 'resolve', at: afterMinutes(recoveringSince, calmMinutes(view)) }];
  const found: Deadline[] = incident.legs.map((leg) => ofLeg(leg));
  if (!incident.respondedAt && !incident.respondMissed) {
    found.push({ what: 'response-missed', at: incident.respondBy });
  }
  found.push({ what: 'remind', at: incident.updateDueAt });
  const place = ({ at, what }: Deadline): number => at.getTime() * ORDER.length + ORDER.indexOf(what);
  return found.sort((a, b) => place(a) - place(b));
}

export const nextDeadline = (incident: Incident, view: View): Date | undefined => deadlines(incident, view)[0]?.at;

/** How long it must stay well before it is over: what comes and goes is one incident. */
export const calmMinutes = ({ plan }: View): number => plan.detection.flapping.withinMinutes;

function ofLeg(leg: Leg): Deadline {
  if (!leg.hold) return { what: 'call', at: leg.nextAt, leg };
  if (leg.hold.confirmBy) return { what: 'release', at: leg.hold.confirmBy, leg };
  return { what: 'ask', at: leg.hold.askAt, leg };
}
