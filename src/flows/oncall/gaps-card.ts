import type { Asked } from '#chatops';
import { at, bold, mention, type Text, utc } from '#core';
import { endOf, findGaps, type Gap, type GapReport, openDuty } from '#oncall';
import type { Card } from '#ports';
import { card, lines, small } from '../cards/parts.ts';
import { aheadFrom, type DutyWorld, people, planAloneLines } from './duty-words.ts';
import { qualityWords } from './quality-words.ts';

const SHOWN = 8;

/** `/dr oncall gaps`: when nobody or only one person would be called, who can't be reached, and who has the holidays. */
export async function gapsCard(asked: Pick<Asked, 'at'>, world: DutyWorld): Promise<Card> {
  const { plan, roster } = world;
  const read = await openDuty(world).overrides();
  const report = findGaps(plan, roster, read.overrides, aheadFrom(asked.at));
  const { nobody, alone, unreachable, idle, holidays } = report;
  const quality = qualityWords(report);
  const part = (heading: string, body: readonly Text[]) =>
    body.length === 0 ? [] : [lines([bold(heading)], ...atMost(body))];
  return card(
    quality.map((piece) => (typeof piece === 'string' ? piece : 'bold' in piece ? piece.bold : '')).join(''),
    [
      lines(quality, ...planAloneLines(read)),
      part(
        'Nobody is called',
        nobody.map((gap) => gapLine(gap, report, world)),
      ),
      part(
        'Only one person is called',
        alone.map((gap) => gapLine(gap, report, world)),
      ),
      part(
        'Not reached by every way',
        unreachable.map(({ person, lacks }): Text => [mention(person), `: no ${lacks.join(', no ')} in the plan`]),
      ),
      part(
        'Overrides without effect for a time, because who takes the role is away',
        idle.map(
          ({ id, person, from, ...override }): Text => [
            `${id}  `,
            mention(person),
            ' from ',
            at(from),
            ' until ',
            at(endOf({ from, ...override })),
          ],
        ),
      ),
      part(
        'Called first on holidays',
        holidays.map(({ day, first }): Text => [`${day}  `, ...people(first)]),
      ),
      ...nextStep(report),
    ],
  );
}

function gapLine({ role, from, until, only, holidays }: Gap, report: GapReport, { roster }: DutyWorld): Text {
  const whole = from.getTime() === report.from.getTime() && until.getTime() === report.until.getTime();
  const when: Text = whole ? ['the whole time'] : ['from ', at(from), ' until ', at(until)];
  const days =
    holidays.length > 0 ? `, with the ${holidays.length === 1 ? 'holiday' : 'holidays'} ${holidays.join(', ')}` : '';
  return [`${roster.title(role)}: `, ...(only === undefined ? [] : [mention(only), ' ']), ...when, days];
}

const atMost = (body: readonly Text[]): Text[] => [
  ...body.slice(0, SHOWN),
  ...(body.length > SHOWN ? [[`and ${body.length - SHOWN} more`]] : []),
];

function nextStep({ nobody: [gap] }: GapReport) {
  if (!gap) return [];
  return [
    small(
      `Next: /dr oncall override ${gap.role} "..." --from "${utc(gap.from)}" --until "${utc(gap.until)}"; a second contact for good is the plan's to name.`,
    ),
  ];
}
