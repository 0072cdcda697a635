import { z } from 'zod';
import { SlackApiRefusal } from '../api-refusal.ts';
import { checkModal } from '../blocks/index.ts';
import { pushView, replaceView, revised } from '../methods/index.ts';
import { apiView } from '../render.ts';
import type { OpenView } from '../shapes.ts';
import type { Team } from '../team.ts';
import { whoAndWhere } from './click.ts';
import { type FieldValues, missingFields, stateOf } from './input-state.ts';
import { type Outcome, outcomeOf, slackIsAway } from './outcome.ts';

const ViewAnswer = z.discriminatedUnion('response_action', [
  z.looseObject({ response_action: z.literal('clear') }),
  z.looseObject({ response_action: z.literal('update'), view: z.unknown() }),
  z.looseObject({ response_action: z.literal('push'), view: z.unknown() }),
  z.looseObject({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
]);

const TROUBLE = 'We had some trouble connecting. Try again?';

/** Presses the modal's submit button with these fields filled in. Stays open when anything is refused. */
export async function submitView(team: Team, person: string, values: FieldValues): Promise<Outcome> {
  if (team.isCut()) return slackIsAway;
  const view = topView(team, person);
  const state = stateOf(view.blocks, values);
  const problems = missingFields(view.blocks, state);
  if (Object.keys(problems).length > 0) {
    replaceView(team, { ...view, errors: problems });
    return { ok: false, error: 'incomplete', said: Object.values(problems).join(' ') };
  }
  const delivered = await team.delivery.deliver({
    kind: 'interactive',
    payload: {
      type: 'view_submission',
      ...whoAndWhere(team, person),
      trigger_id: team.triggers.issue(person),
      view: apiView(view, state),
      response_urls: [],
    },
  });
  const outcome = outcomeOf(delivered, () => TROUBLE);
  if (!outcome.ok) return outcome;
  return applyAnswer(team, person, view, outcome.ack);
}

/** Presses Cancel, Esc or the cross. The app hears of it only if the view asked for that. */
export async function closeView(team: Team, person: string, all = false): Promise<Outcome> {
  const view = topView(team, person);
  const stack = team.store.viewStack(person);
  team.store.setViewStack(person, all ? [] : stack.slice(0, -1));
  if (view.notify_on_close !== true || team.isCut()) return { ok: true, ack: undefined };
  const delivered = await team.delivery.deliver({
    kind: 'interactive',
    payload: { type: 'view_closed', ...whoAndWhere(team, person), view: apiView(view), is_cleared: all },
  });
  return outcomeOf(delivered, () => TROUBLE);
}

function topView(team: Team, person: string): OpenView {
  const view = team.store.openView(person);
  if (view === undefined) throw new Error(`No modal is open for ${person}.`);
  return view;
}

/** Without an answer the submitted view closes and the one below shows again. */
function applyAnswer(team: Team, person: string, view: OpenView, ack: unknown): Outcome {
  if (ack === undefined || ack === '') {
    const stack = team.store.viewStack(person);
    team.store.setViewStack(
      person,
      stack.filter((other) => other.id !== view.id),
    );
    return { ok: true, ack };
  }
  const answer = ViewAnswer.safeParse(ack);
  if (!answer.success) return { ok: false, error: 'invalid_response', said: TROUBLE };
  try {
    return followAnswer(team, person, view, answer.data);
  } catch (error) {
    if (!(error instanceof SlackApiRefusal)) throw error;
    return { ok: false, error: error.error, said: `${TROUBLE} (${error.message})` };
  }
}

function followAnswer(team: Team, person: string, view: OpenView, answer: z.output<typeof ViewAnswer>): Outcome {
  switch (answer.response_action) {
    case 'clear':
      team.store.setViewStack(person, []);
      break;
    case 'update':
      replaceView(team, revised(view, checkModal(answer.view)));
      break;
    case 'push':
      pushView(team, person, checkModal(answer.view));
      break;
    case 'errors':
      replaceView(team, { ...view, errors: answer.errors });
      return { ok: false, error: 'refused_by_app', said: Object.values(answer.errors).join(' ') };
    default:
      return answer satisfies never;
  }
  return { ok: true, ack: answer };
}
