import { DrError, outside, RequestId, say } from '#core';
import type { Incoming, LivePart } from '#ports';
import { approveByClick } from './approve-by-click.ts';
import { cancel } from './cancel-request.ts';
import { detailsCard, timelineCard } from './cards/looking-cards.ts';
import type { Receipt } from './cards/request-view.ts';
import { whyCard } from './cards/why-card.ts';
import { commandFlow } from './command-flow.ts';
import { consentIn } from './consent.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { refuseOrRetry } from './errors-to-card.ts';
import type { Flow, Reply, Speaker } from './flow.ts';
import { marks } from './hash-mark.ts';
import { clickIncident, isIncidentButton } from './incidents/click-incident.ts';
import { isOwnCard } from './is-own-card.ts';
import type { RequestRecord } from './request-record.ts';
import { goOn, hold, stop } from './steer-run.ts';
import { tell } from './tell.ts';
import { tellSecurity } from './tell-security.ts';
import { viewOf } from './view-of.ts';

type Click = Extract<Incoming, { kind: 'click' }>;

/** Buttons that decide something: they count only on the request's own, present card. */
const DECIDING = ['approve', 'deny', 'cancel', 'hold', 'go-on', 'stop'];

/**
 * A pressed button. Its value names the request and the preview it was drawn for; whatever does not fit (edited, copied,
 * from an old card) is refused and recorded, and the Security Lead is told. Rejects only with
 * STORE_UNAVAILABLE, for the payload to be handled again.
 */
export async function clickFlow<World>(
  click: Click,
  speaker: Speaker,
  deps: DispatchDeps<World>,
  reply: Reply,
  live: LivePart,
  /** The number given to it at the door: [Ask again] makes a new request. */
  number: RequestId | undefined,
): Promise<void> {
  const { flow, chat } = deps;
  try {
    const { button } = click;
    if (isIncidentButton(button)) return await clickIncident({ ...click, button }, speaker, flow, reply);
    const request = await requestOf(click, speaker, deps);
    switch (click.button) {
      case 'approve':
        return await approveByClick(consentIn(click.value), click.value, speaker, flow, reply);
      case 'deny':
        return await reply.ask?.({
          id: 'deny',
          title: `Deny ${request.id}`,
          submit: 'Deny',
          context: click.value,
          fields: [{ kind: 'line', id: 'reason', label: 'Reason', hint: 'One line. It goes into the record.' }],
        });
      case 'cancel':
        return await reply.say(await cancel(request.id, speaker, flow));
      case 'hold':
        return await reply.say(await hold(request.id, undefined, speaker, flow));
      case 'go-on':
        return await reply.say(await goOn(request.id, speaker, flow));
      case 'stop':
        return await reply.say(await stop(request.id, undefined, speaker, flow));
      case 'record':
        return await reply.say(await timelineCard(request.id, flow));
      case 'why':
        return await reply.say(whyCard(request, flow));
      case 'ask-again':
        return await commandFlow(
          { line: request.line, speaker, intake: click.key, request: number, incident: request.incident },
          flow,
          reply,
        );
      case 'next':
        return await pressLine(({ next }) => next?.line, request, { click, speaker, number }, flow, reply);
      case 'receipt':
        return await pressLine(({ inFull }) => inFull, request, { click, speaker, number }, flow, reply);
      case 'details': {
        const view = await viewOf(request.id, flow);
        if (!view) return;
        if (live.trigger) return await chat.openDetails(live.trigger, `${request.id} in full`, detailsCard(view));
        return await reply.say(detailsCard(view));
      }
      default:
        throw notOfThisCard();
    }
  } catch (error) {
    await refuseOrRetry(error, flow, reply);
  }
}

/** A button that stands for a line: what the run's receipt says now, not what the button carries. */
async function pressLine<World>(
  lineOf: (receipt: Receipt) => string | undefined,
  request: RequestRecord,
  {
    click,
    speaker,
    number,
  }: { readonly click: Click; readonly speaker: Speaker; readonly number: RequestId | undefined },
  flow: Flow<World>,
  reply: Reply,
): Promise<void> {
  const receipt = (await viewOf(request.id, flow))?.receipt;
  const line = receipt && lineOf(receipt);
  if (line === undefined) throw notOfThisCard();
  await commandFlow({ line, speaker, intake: click.key, request: number }, flow, reply);
}

async function requestOf<World>(click: Click, speaker: Speaker, deps: DispatchDeps<World>): Promise<RequestRecord> {
  const { flow } = deps;
  const [number, shown] = click.value.split(' ');
  const id = RequestId.safeParse(number);
  const request = id.success ? (await flow.requests.get(id.data))?.value : undefined;
  if (!request) {
    await recordForeign(click, speaker, flow);
    throw notOfThisCard();
  }
  if (!DECIDING.includes(click.button)) return request;
  const own = click.private || (click.ts !== undefined && (await isOwnCard(request.id, click.ts, deps)));
  const present = request.preview ? marks(shown ?? '', request.preview.hash) : shown === '-';
  if (own && present) return request;
  await tell(flow, request, 'not-counted', say`A button that does not belong to this card was pressed. Not counted.`, {
    actor: speaker.person ?? { outsider: speaker.name },
    part: click.key,
    notify: flow.roster.holders(flow.plan.contacts.securityRole).slice(0, 1),
    data: { button: click.button, value: click.value.slice(0, 80) },
  });
  throw notOfThisCard();
}

/** A button that names no request of ours has no thread to be written into: the Security Lead hears of it directly. */
async function recordForeign<World>(click: Click, speaker: Speaker, flow: Flow<World>): Promise<void> {
  const [lead] = flow.roster.holders(flow.plan.contacts.securityRole);
  const text = say`${outside(speaker.name)} pressed a button that belongs to no request: ${outside(`${click.button} ${click.value}`)}. Not counted.`;
  await flow.timeline.append({
    id: `foreign-button/${click.key}`.slice(0, 300),
    kind: 'not-counted',
    actor: speaker.person ?? { outsider: speaker.name.slice(0, 200) },
    text,
    notify: lead ? [lead] : [],
    inThread: false,
    data: { button: click.button.slice(0, 80), value: click.value.slice(0, 80) },
  });
  await tellSecurity(flow, `foreign-button/${click.key}`, 'A foreign button was pressed.', text);
}

const notOfThisCard = (): DrError =>
  new DrError(
    'APPROVAL_REFUSED',
    'user',
    'That button does not belong to this card. Nothing was changed. It was recorded; the Security Lead was told.',
    {
      hint: '/dr approvals shows what waits now.',
    },
  );
