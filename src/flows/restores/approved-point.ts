import type { Asked } from '#chatops';
import { utc } from '#core';
import type { ChosenMoment } from './choose-moment.ts';
import type { WantedPoint } from './choose-point.ts';

/** In the facts, where the moment is the backup's own. */
const ITS_OWN = 'as the backup is';

/** The moment as facts that people approve. */
export const pointFacts = ({ point, header, moment }: ChosenMoment): { backup: string; asOf: string } => ({
  backup: header.backup,
  asOf: point.until ? utc(moment) : ITS_OWN,
});

/**
 * What people approved; else what was typed. Made anew for its start, a preview is of the moment that people approved:
 * "latest" and "10 minutes ago" would mean another by then.
 */
export function approvedPoint({ backup, to }: WantedPoint, approved: Asked['approved']): WantedPoint {
  const [of, asOf] = [approved?.['backup'], approved?.['asOf']];
  if (typeof of !== 'string' || typeof asOf !== 'string') return { backup, to };
  return { backup: of, to: asOf === ITS_OWN ? undefined : asOf };
}
