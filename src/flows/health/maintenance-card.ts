import type { Asked } from '#chatops';
import { at, bold, DrError, type MaintenanceId, mention, outside, type Region, say, type Text } from '#core';
import { beginMaintenance, endMaintenance, type Maintenance, openMaintenance } from '#detection';
import type { CheckName } from '#plan';
import type { Card } from '#ports';
import { card, lines } from '../cards/parts.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';

type World = Pick<HoldfastWorld, 'store' | 'timeline' | 'roster'>;

export const maintenanceLine = ({ id, of, until, by, why }: Maintenance): Text =>
  say`${bold(id)} ${of} until ${at(until)}, ${mention(by)}: ${outside(why)}`;

/** `/dr maintenance`: what is open. */
export async function maintenanceCard({ store }: World): Promise<Card> {
  const open = await openMaintenance(store, await store.now());
  if (open.length === 0) {
    return card('Nothing is in maintenance.', [
      lines(['Nothing is in maintenance.'], ['Begin: /dr maintenance us-east-1 2h "index build"']),
    ]);
  }
  return card(`${open.length} in maintenance.`, [
    lines([bold('In maintenance')], ...open.map(maintenanceLine)),
    lines([`End one early: /dr maintenance end ${open[0]?.id}`]),
  ]);
}

/** `/dr maintenance us-east-1 2h "index build"`. */
export async function beginMaintenanceCard(
  wish: { readonly of: Region | CheckName; readonly lastsMs: number; readonly why: string },
  asked: Asked,
  { store, timeline }: World,
): Promise<Card> {
  const by = byWhom(asked);
  const window = await beginMaintenance(store, { ...wish, by });
  await timeline.append({
    id: `${window.id}/begins`,
    kind: 'note',
    actor: by,
    text: say`${mention(by)} began maintenance ${window.id} of ${window.of} until ${at(window.until)}: ${outside(window.why)}. What fails there calls nobody.`,
    notify: [],
    inThread: false,
    data: { maintenance: window.id, of: window.of, until: window.until.toISOString() },
  });
  return card(`${window.id} has begun.`, [
    lines(
      [bold(`IN MAINTENANCE - ${window.of}`), `   ${window.id}`],
      say`Until ${at(window.until)}: ${outside(window.why)}.`,
      ['What fails there is shown and calls nobody; runs, backups and approvals go on as ever.'],
      [`End it early: /dr maintenance end ${window.id}`],
    ),
  ]);
}

/** `/dr maintenance end M-3`. */
export async function endMaintenanceCard(id: MaintenanceId, asked: Asked, { store, timeline }: World): Promise<Card> {
  const by = byWhom(asked);
  const window = await endMaintenance(store, id, by);
  if (!window.ended) {
    return card(`${id} was over before.`, [lines(say`${id} was over at ${at(window.until)}. Nothing was changed.`)]);
  }
  await timeline.append({
    id: `${id}/ends`,
    kind: 'note',
    actor: window.ended.by,
    text: say`${mention(window.ended.by)} ended maintenance ${id} of ${window.of}. What fails there calls people again.`,
    notify: [],
    inThread: false,
    data: { maintenance: id, of: window.of },
  });
  return card(`${id} is over.`, [
    lines([bold(`OVER - maintenance of ${window.of}`), `   ${id}`], ['What fails there calls people again, at once.']),
  ]);
}

function byWhom({ person }: Asked) {
  if (person) return person;
  throw new DrError('NOT_LINKED', 'user', 'Maintenance is begun and ended by people of the plan.', {
    hint: 'Who is: /dr oncall',
  });
}
