import type { PhoneItem, Phones } from '#sandbox/page';
import { accountPeople, type PagerDuty } from '#sandbox/pagerduty';
import type { Received } from '#sandbox/phones';
import { rosterPeople } from '#sandbox/slack';
import type { Company } from './company.ts';
import { phoneNumbers } from './phone-numbers.ts';

const STATES = { triggered: 'calling', acknowledged: 'acknowledged', resolved: 'resolved' } as const;
const WAYS = { sms: 'SMS', voice: 'Voice', email: 'E-mail', webhook: 'Webhook' } as const;

/** Everybody's phone in this company: what PagerDuty rang about, and what a gateway brought. */
export function companyPhones({ reach: { pagerDuty, phones }, env }: Company): Phones {
  const owner = phoneNumbers(env['HOLDFAST_PLAN'] ?? '');
  return {
    read: () =>
      [
        ...pagerDuty.notifications.flatMap((ring, index) => rung(pagerDuty, ring, index)),
        ...phones.received.flatMap((message) => brought(message, owner(message.to))),
      ].toSorted((a, b) => b.at - a.at),
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

const brought = ({ id, kind, at, text }: Received, person: string | undefined): PhoneItem[] =>
  person === undefined ? [] : [{ id: `${kind}/${id}`, person, at, how: WAYS[kind], text }];

/** By name: the account and the workspace are of the same people. */
function slackUserOf(user: string): string | undefined {
  const name = accountPeople.find(({ id }) => id === user)?.name;
  return rosterPeople.find((person) => person.name === name)?.id;
}
