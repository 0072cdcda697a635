import { at, bold, formatDuration, mention, outside, say, shortHash, type Text } from '#core';
import type { Card } from '#ports';
import { comingStart } from '../starts/coming-start.ts';
import { buttons, card, lines, section, small, title } from './parts.ts';
import {
  approveButton,
  cancelButton,
  denyButton,
  detailsButton,
  holdStartButton,
  whyButton,
} from './request-buttons.ts';
import type { RequestView, SlotView } from './request-view.ts';
import { actingCosts, startLines, startPush } from './start-lines.ts';
import { voidedPush, voidedSections } from './voided-words.ts';

/** The card that asks for approvals: state, what users notice, what is asked of you, until when, buttons, small print. */
export function askingCard(view: RequestView): Card {
  const { request, slots, now } = view;
  const stored = request.preview;
  if (!stored)
    return card(`${request.id} is being worked out.`, [lines(title('CHECKING', request.command, request.id))]);
  const { preview, hash } = stored;
  const open = slots.filter(({ given }) => !given);
  const expiresAt = request.expiresAt ?? now;
  // The whole time, not what is left: a card that changed every second would use up Slack's edits.
  const openFor = formatDuration(Math.max(0, expiresAt.getTime() - stored.madeAt.getTime()));
  const starts = comingStart(request) !== undefined;
  const missing = open.map(({ label }) => label).join(', and ');
  const ids = request.incident ? `${request.id}, ${request.incident}` : request.id;
  const asked = `Approve? ${preview.alert ?? preview.title} (${ids}).${startPush(view)} Needs ${missing}.`;
  return card(voidedPush(view) ?? asked, [
    lines(
      title(starts ? 'STARTS UNLESS HELD' : 'APPROVAL NEEDED', preview.title, request.id),
      ...startLines(view),
      askedBy(view),
    ),
    voidedSections(view).map(section),
    preview.sections.map(section),
    view.waitingCosts ? [section(view.waitingCosts)] : [],
    actingCosts(view),
    lines(needs(view), ...slots.map(slotLine), [
      `${slots.length - open.length} of ${slots.length}. Open until `,
      at(expiresAt),
      ` (${openFor}).`,
    ]),
    starts
      ? buttons([holdStartButton(view), approveButton(view), denyButton(view)], [detailsButton(view), whyButton(view)])
      : buttons([approveButton(view), denyButton(view), detailsButton(view)], [cancelButton(view), whyButton(view)]),
    small(
      starts
        ? 'All approve: it starts at once. If anything above changes it does not start, and you are asked again.\n'
        : 'Nothing starts before all approve. If anything above changes, approvals are void and you are asked again.\n',
      `Preview ${shortHash(hash)}. `,
      ...preview.smallPrint,
    ),
  ]);
}

export function askedBy({ request }: RequestView): Text {
  const who = request.asker.person ? mention(request.asker.person) : outside(request.asker.name);
  if (request.incident) {
    const by = request.via === 'incident' ? ['Proposed by Holdfast'] : say`Asked by ${who}`;
    return say`${by} for ${bold(request.incident)}${request.reason ? [': ', outside(request.reason)] : []}`;
  }
  return request.reason ? say`Asked by ${who}: ${outside(request.reason)}` : say`Asked by ${who}`;
}

function needs({ request, slots }: RequestView): Text {
  const people = slots.length === 1 ? '1 person' : `${slots.length} different people`;
  return request.asker.person
    ? say`${bold(`Needs ${people}`)}, not ${mention(request.asker.person)}`
    : [bold(`Needs ${people}`)];
}

/** `- Database Admin: *approved* by Alex Chen 03:13:41`, or who could. */
function slotLine({ label, eligible, given }: SlotView): Text {
  if (given) return say`- ${label}: ${bold('approved')} by ${mention(given.person)} ${at(given.at)}`;
  const people = eligible.flatMap((person, index) => (index === 0 ? [mention(person)] : [' ', mention(person)]));
  return [`- ${label}: waiting\n`, ...people];
}
