import type { Asked } from '#chatops';
import { utc } from '#core';
import { refuseLeaving } from '#vault';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { type ChosenMoment, chooseMoment } from './choose-moment.ts';
import type { WantedPoint } from './choose-point.ts';

/** In the facts, where the moment is the backup's own. */
const ITS_OWN = 'as the backup is';

/** The moment as facts that people approve. */
export const pointFacts = ({ point, header, moment }: ChosenMoment): { backup: string; asOf: string } => ({
  backup: header.backup,
  asOf: point.until ? utc(moment) : ITS_OWN,
});

/** The moment that people approved, else the one that was typed. Throws as `chooseMoment` and `refuseLeaving` do. */
export async function approvedMoment(args: WantedPoint, asked: Asked, world: HoldfastWorld): Promise<ChosenMoment> {
  const chosen = await chooseMoment(approvedPoint(args, asked.approved), asked.at, world);
  await refuseLeaving(world.backup.vault, chosen.header);
  return chosen;
}

/**
 * What people approved; else what was typed. Made anew for its start, a preview is of the moment that people approved:
 * "latest" and "10 minutes ago" would mean another by then.
 */
function approvedPoint({ backup, to }: WantedPoint, approved: Asked['approved']): WantedPoint {
  const [of, asOf] = [approved?.['backup'], approved?.['asOf']];
  if (typeof of !== 'string' || typeof asOf !== 'string') return { backup, to };
  return { backup: of, to: asOf === ITS_OWN ? undefined : asOf };
}
