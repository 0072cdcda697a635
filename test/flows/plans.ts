import { type Plan, parsePlan } from '#plan';
import { eldText } from '../plan/eld-plan.ts';

/** The ELD plan, with these people not linked to a Slack account. */
export function unlinked(withoutAccount: readonly string[]): Plan {
  const { plan } = parsePlan(eldText, 'plan.yaml');
  const people = Object.fromEntries(
    Object.entries(plan.roster.people).map(([id, person]) => {
      const { slackUser: _unlinked, ...rest } = person;
      return [id, withoutAccount.includes(id) ? rest : person];
    }),
  );
  return { ...plan, roster: { ...plan.roster, people } };
}
