import type { Block, Element } from '../blocks/index.ts';
import { elementsOf } from '../blocks/index.ts';
import { apiMessage, apiView, handle } from '../render.ts';
import { APP, TEAM } from '../settings.ts';
import type { Ephemeral, Message, OpenView } from '../shapes.ts';
import { personOf, type Team } from '../team.ts';
import { type FieldValue, type FieldValues, fieldState, stateOf } from './input-state.ts';
import { type Outcome, outcomeOf, slackIsAway, tell } from './outcome.ts';

/** Where the pressed thing is. */
export type Surface =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'ephemeral'; readonly ephemeral: Ephemeral }
  | { readonly kind: 'view'; readonly view: OpenView };

export interface Press {
  readonly actionId: string;
  /** An option's value for menus; for a button a value that is not the one shown makes it a forgery. */
  readonly value?: FieldValue | undefined;
  /** What the other fields of the surface hold. */
  readonly fields?: FieldValues | undefined;
  /** An element that is not on the surface, for forged clicks. */
  readonly forged?: { readonly blockId: string; readonly text: string } | undefined;
}

/** Presses a button, chooses from a menu or changes a field. @throws Error when it is not there. */
export async function press(team: Team, personId: string, surface: Surface, given: Press): Promise<Outcome> {
  if (team.isCut()) return slackIsAway;
  const blocks = blocksOf(surface);
  const { blockId, element } = find(blocks, given);
  const action = {
    action_id: given.actionId,
    block_id: blockId,
    action_ts: team.store.nextTs(),
    ...fieldState(element, given.value),
  };
  const fields = given.value === undefined ? given.fields : { ...given.fields, [given.actionId]: given.value };
  const delivered = await team.delivery.deliver({
    kind: 'interactive',
    payload: {
      type: 'block_actions',
      ...whoAndWhere(team, personId),
      ...surfaceFields(team, personId, surface, stateOf(blocks, fields ?? {})),
      trigger_id: team.triggers.issue(personId),
      actions: [action],
    },
  });
  const outcome = outcomeOf(
    delivered,
    (error) => `This button did not reach ${team.settings.botName} (${error}). Press it again.`,
  );
  if (!outcome.ok && surface.kind !== 'view') {
    const place = surface.kind === 'message' ? surface.message : surface.ephemeral;
    tell(team, personId, place.channel, outcome.said, place.thread_ts);
  }
  return outcome;
}

/** Who acts, from which team and app: the head of every interactive payload. */
export function whoAndWhere(team: Team, personId: string): Record<string, unknown> {
  const name = handle(personOf(team, personId).name);
  return {
    user: { id: personId, username: name, name, team_id: TEAM.id },
    api_app_id: APP.id,
    token: 'sandbox',
    team: { id: TEAM.id, domain: TEAM.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

function blocksOf(surface: Surface): readonly Block[] {
  if (surface.kind === 'view') return surface.view.blocks;
  return (surface.kind === 'message' ? surface.message.blocks : surface.ephemeral.blocks) ?? [];
}

function find(blocks: readonly Block[], given: Press): { blockId: string; element: Element } {
  if (given.forged !== undefined) {
    const text = { type: 'plain_text' as const, text: given.forged.text };
    return { blockId: given.forged.blockId, element: { type: 'button', text, action_id: given.actionId } };
  }
  const found = elementsOf(blocks).find(({ element }) => element.action_id === given.actionId);
  if (found === undefined) throw new Error(`Nothing with action_id ${given.actionId} is there to press.`);
  return { blockId: found.block.block_id ?? '', element: found.element };
}

function surfaceFields(
  team: Team,
  person: string,
  surface: Surface,
  values: Record<string, unknown>,
): Record<string, unknown> {
  if (surface.kind === 'view') {
    return { container: { type: 'view', view_id: surface.view.id }, view: apiView(surface.view, values) };
  }
  const place = surface.kind === 'message' ? surface.message : surface.ephemeral;
  const channel = team.store.channels.get(place.channel);
  const url = team.responseUrls.issue(team.baseUrl(), {
    person,
    channel: place.channel,
    original: { kind: surface.kind, ts: place.ts },
    ...(place.thread_ts === undefined ? {} : { thread_ts: place.thread_ts }),
  });
  return {
    container: {
      type: 'message',
      message_ts: place.ts,
      channel_id: place.channel,
      is_ephemeral: surface.kind === 'ephemeral',
      ...(place.thread_ts === undefined ? {} : { thread_ts: place.thread_ts }),
    },
    channel: { id: place.channel, name: channel?.name ?? '' },
    // Slack sends no `message` for one only its person sees.
    ...(surface.kind === 'message' ? { message: apiMessage(surface.message, team.store, true) } : {}),
    state: { values },
    response_url: url,
  };
}
