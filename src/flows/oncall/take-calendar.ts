import type { Asked } from '#chatops';
import { bold, counted, DrError, mention, say, type Text } from '#core';
import { type Imported, importShifts, type Override, readCalendar } from '#oncall';
import type { Card } from '#ports';
import { mayAsk } from '../authorise.ts';
import { card, lines, small } from '../cards/parts.ts';
import { bothClocks, DAY_MS, type DutyWorld } from './duty-words.ts';
import { askerOf } from './wanted-override.ts';

/** Shifts further away are taken by the next import. */
const WITHIN_DAYS = 366;
const SHOWN = 8;

export interface TakeCalendar {
  readonly text: string;
  readonly role: string;
  /** By which the same calendar is known again. */
  readonly name: string;
}

/** `dr oncall import`: a role's shifts become those of a calendar. Again it changes nothing. */
export async function takeCalendar(
  { text, role: typed, name }: TakeCalendar,
  asked: Pick<Asked, 'person' | 'name' | 'at'>,
  world: DutyWorld,
): Promise<Card> {
  const { plan, roster, store } = world;
  const by = askerOf(asked);
  if (!mayAsk({ role: { kind: 'plan', rule: 'oncall-override' } }, by, world)) {
    throw new DrError('NOT_ALLOWED', 'user', 'Whom we call is not yours to change. Nothing was changed.', {
      hint: 'Who may is in plan.yaml, may_ask.oncall-override.',
    });
  }
  const role = roster.findRole(typed);
  const window = {
    from: asked.at,
    until: new Date(asked.at.getTime() + WITHIN_DAYS * DAY_MS),
    timeZone: plan.timeZone,
  };
  const shifts = readCalendar(text, plan, roster, window);
  const roleless = shifts.find(({ person }) => roster.rolesOf(person).length === 0);
  if (roleless) {
    const message = `${roster.name(roleless.person)} has no role in the plan, so nobody can call them for one. Nothing was changed.`;
    throw new DrError('NOT_ALLOWED', 'user', message, { hint: 'An Incident Commander gives roles in plan.yaml.' });
  }
  const imported = await importShifts(store, roster, { role, calendar: name, shifts, by });
  const [first] = [...imported.added, ...imported.ended];
  if (first) {
    const counts = `${counted(imported.added.length, 'shift')} new, ${imported.ended.length} ended, ${imported.kept.length} as before`;
    await world.timeline.append({
      id: `${first.id}/${imported.added.length > 0 ? 'imported' : 'ended'}`,
      kind: 'note',
      actor: by,
      text: say`${mention(by)} imported the calendar ${{ quote: name }} for ${roster.title(role)}: ${counts}.`,
      notify: [],
      inThread: false,
      data: {
        role,
        calendar: name,
        added: imported.added.map(({ id }) => id),
        ended: imported.ended.map(({ id }) => id),
      },
    });
  }
  return calendarCard(roster.title(role), imported);
}

function calendarCard(title: string, { added, ended, kept }: Imported): Card {
  const head =
    added.length + ended.length === 0
      ? `${title}: nothing new in the calendar`
      : `${title}: ${counted(added.length, 'shift')} new, ${ended.length} ended, ${kept.length} as before`;
  const line = ({ id, person, from }: Override): Text => [`${id}  `, mention(person), ' from ', ...bothClocks(from)];
  const more = added.length - SHOWN;
  return card(`${head}.`, [
    lines([bold(head)], ...added.slice(0, SHOWN).map(line), ...(more > 0 ? [[`and ${more} more`]] : [])),
    small('Shifts say whom we call, never who may approve. Overrides by command go over them. Next: /dr oncall next'),
  ]);
}
