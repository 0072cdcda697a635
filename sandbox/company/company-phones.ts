import type { PhoneItem, Phones } from '#sandbox/page';
import { accountPeople, type PagerDuty } from '#sandbox/pagerduty';
import { rosterPeople } from '#sandbox/slack';
import type { Company } from './company.ts';

const STATES = { triggered: 'calling', acknowledged: 'acknowledged', resolved: 'resolved' } as const;

/** Everybody's phone in this company: what PagerDuty rang about. */
export function companyPhones({ pagerDuty }: Company): Phones {
  return {
    read: () => pagerDuty.notifications.flatMap((ring, index) => rung(pagerDuty, ring, index)).toReversed(),
    acknowledge: async (person, id) => {
      const [user, incident = ''] = id.split('/');
      if (user === undefined || slackUserOf(user) !== person) throw new Error('That is on another phone.');
      pagerDuty.as(user).acknowledge(incident);
    },
  };
}

function rung(pagerDuty: PagerDuty, ring: PagerDuty['notifications'][number], index: number): PhoneItem[] {
  const incident = pagerDuty.incidents.find(({ id }) => id === ring.incident);
  const person = slackUserOf(ring.user);
  if (incident === undefined || person === undefined) return [];
  const id = `${ring.user}/${incident.id}/${index}`;
  return [{ id, person, at: ring.at, how: 'PagerDuty', text: incident.title, state: STATES[incident.status] }];
}

/** By name: the account and the workspace are of the same people. */
function slackUserOf(user: string): string | undefined {
  const name = accountPeople.find(({ id }) => id === user)?.name;
  return rosterPeople.find((person) => person.name === name)?.id;
}
