import type { Asked } from '#chatops';
import { at, bold, type OverrideId, type Text } from '#core';
import { cancelOverride, type Override, readOverrides } from '#oncall';
import type { Card } from '#ports';
import { card, lines, small } from '../cards/parts.ts';
import { type DutyWorld, firstOf } from './duty-words.ts';
import { replacedBy, tellCancelled } from './tell-override.ts';
import { askerOf } from './wanted-override.ts';

/** `/dr oncall cancel OV-3`: an override ends now, and so does the other half of its swap. Asked for twice it ends once. */
export async function takeBack(id: OverrideId, asked: Asked, world: DutyWorld): Promise<Card> {
  const ended = await cancelOverride(world.store, id, askerOf(asked));
  const present = await readOverrides(world.store);
  for (const override of ended) await tellCancelled(override, replacedBy(override, present, world), world);
  const { roster } = world;
  const words = (override: Override): Text[] => {
    const { cancelled, from, role } = override;
    const begun = cancelled !== undefined && cancelled.at > from;
    const then = begun ? cancelled.at : from;
    const first = firstOf(roster.callOrder(role, then, present).people);
    return [
      [bold(`CANCELLED - ${roster.title(role)}, ${roster.name(override.person)}`), `   ${override.id}`],
      [begun ? 'It ended ' : 'It was to begin ', at(then), '. Called first from then: ', first],
    ];
  };
  return card(`${ended.map((each) => each.id).join(' and ')} cancelled.`, [
    ...ended.map((override) => lines(...words(override))),
    small('Who is on duty: /dr oncall   Who comes next: /dr oncall next'),
  ]);
}
