import { z } from 'zod';
import { refuse } from '../api-refusal.ts';
import { checkModal, type ModalView, withIds } from '../blocks/index.ts';
import { makeId } from '../ids.ts';
import { apiView } from '../render.ts';
import type { OpenView } from '../shapes.ts';
import type { Team } from '../team.ts';
import { defineMethod, type Method } from './define.ts';

/** Modals on top of each other, at most. */
const STACK = 3;

/** A checked modal with the ids Slack gives it. */
export function viewFor(person: string, modal: ModalView, below?: OpenView): OpenView {
  const id = makeId('V');
  return {
    ...modal,
    blocks: withIds(modal.blocks, () => makeId('', 5)),
    id,
    hash: `${makeId('', 8)}`,
    person,
    rootId: below?.rootId ?? id,
    ...(below === undefined ? {} : { previousId: below.id }),
  };
}

/** The same view with new content: it keeps its ids and gets a new hash. */
export function revised(view: OpenView, modal: ModalView): OpenView {
  return {
    ...viewFor(view.person, modal),
    id: view.id,
    rootId: view.rootId,
    ...(view.previousId === undefined ? {} : { previousId: view.previousId }),
  };
}

/** Puts `view` where the view with its id was. */
export function replaceView(team: Team, view: OpenView): void {
  const stack = team.store.viewStack(view.person).map((other) => (other.id === view.id ? view : other));
  team.store.setViewStack(view.person, stack);
}

/** Opens `modal` on top. @throws SlackApiRefusal push_limit_reached, duplicate_external_id. */
export function pushView(team: Team, person: string, modal: ModalView): OpenView {
  refuseTaken(team, modal);
  const stack = team.store.viewStack(person);
  if (stack.length >= STACK) refuse('push_limit_reached');
  const view = viewFor(person, modal, stack.at(-1));
  team.store.setViewStack(person, [...stack, view]);
  return view;
}

function refuseTaken(team: Team, modal: ModalView): void {
  if (modal.external_id !== undefined && modal.external_id !== '' && team.store.hasExternalId(modal.external_id)) {
    refuse('duplicate_external_id');
  }
}

const open = defineMethod({
  scope: 'none',
  tier: 4,
  args: z.object({ trigger_id: z.string(), view: z.unknown() }),
  run(args, team) {
    const modal = checkModal(args.view);
    refuseTaken(team, modal);
    const person = team.triggers.use(args.trigger_id);
    const view = viewFor(person, modal);
    team.store.setViewStack(person, [view]);
    return { view: apiView(view) };
  },
});

const push = defineMethod({
  scope: 'none',
  tier: 4,
  args: z.object({ trigger_id: z.string(), view: z.unknown() }),
  run(args, team) {
    const modal = checkModal(args.view);
    const person = team.triggers.use(args.trigger_id);
    return { view: apiView(pushView(team, person, modal)) };
  },
});

const update = defineMethod({
  scope: 'none',
  tier: 4,
  args: z.object({
    view: z.unknown(),
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    hash: z.string().optional(),
  }),
  run(args, team) {
    const modal = checkModal(args.view);
    const before =
      team.store.findView((view) =>
        args.view_id === undefined ? view.external_id === args.external_id : view.id === args.view_id,
      ) ?? refuse('not_found');
    if (args.hash !== undefined && args.hash !== before.hash) refuse('hash_conflict');
    if (modal.external_id !== before.external_id) refuseTaken(team, modal);
    const after = revised(before, modal);
    replaceView(team, after);
    return { view: apiView(after) };
  },
});

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
};
