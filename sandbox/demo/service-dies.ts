import { EAST } from '#sandbox/company';
import { accountPeople } from '#sandbox/pagerduty';
import { until } from '#sandbox/servers';
import type { Message } from '#sandbox/slack';
import type { Found } from './claims.ts';
import { ALEX, JOHN, MIKE } from './desk.ts';
import { measurePauseAnew, writableMembers } from './servers-say.ts';
import type { Teller } from './teller.ts';

export const SERVICE_DIES_CLAIMS = 5;

/** Their ids at PagerDuty, which rings their phones. */
const PAGER = { [JOHN]: 'PJSMITH1', [ALEX]: 'PALXCHEN', jane: 'PJANEDOE' } as const;

/**
 * The service of the first region dies at night, its database stays. Holdfast finds it and calls people, one after the other until
 * somebody has it; the move it proposes is approved and done. Returns the incident's card.
 */
export async function serviceDies(teller: Teller): Promise<Message> {
  const { company, desk, story } = teller;
  const { pagerDuty } = company.reach;
  const since = Date.now();
  await measurePauseAnew(company);
  company.eld.kubernetes.cluster(EAST).loseImage();
  story.tell('us-east-1: every ELD instance killed, none can start again');
  const incident = await desk.root(/^SEV-1 INC-\d+/, 90_000);
  story.tell(incident.text.replace(/\. .*/, ''));
  await story.claim('who leads and who knows the database are called', () =>
    rings(teller, since, [PAGER[JOHN], PAGER[ALEX]]),
  );
  await story.claim('nobody answers: the next in line is called', () => rings(teller, since, [PAGER.jane]));
  const ring = pagerDuty.notifications.findLast(({ user }) => user === PAGER.jane);
  pagerDuty.as(PAGER.jane).acknowledge(ring?.incident ?? '');
  for (const person of [ALEX, MIKE]) await company.slack.asUser(person).click(incident.ts, 'inc-ack');
  await story.claim('everybody who was called has it: the calling ends', async () => {
    const words = (): string => desk.words(incident);
    const holds = await until('no one is called any more', async () => !words().includes('no answer'), {
      withinMs: 30_000,
    }).catch(() => false);
    return { holds, found: holds ? 'Jane Doe by phone, Alex Chen and Mike Johnson by button' : words() };
  });

  const card = await desk.root(/^(Approve\?|DONE).*planned failover us-east-1/, 90_000);
  story.tell(`Holdfast proposes: ${card.text.replace(/\. .*/, '').replace('Approve? ', '').replace('&gt;', '>')}`);
  const before = await writableMembers(company);
  await desk.approve(card, JOHN);
  await story.claim('nothing moves on one approval', async () => {
    const counted = await until('it is counted', async () => desk.words(card).includes('1 of 2'), {
      withinMs: 20_000,
    }).catch(() => false);
    const now = await writableMembers(company);
    return { holds: counted && now.join() === before.join(), found: `1 of 2, primary still ${now.join()}` };
  });
  await desk.approve(card, ALEX);
  story.tell('John Smith and Alex Chen approve');
  story.tell(await desk.until(card, /^DONE/, 180_000));
  await story.claim('the incident resolved itself, here and at PagerDuty', () => isResolved(teller, incident));
  return incident;
}

/** Whose phones rang, by PagerDuty's own book. */
async function rings({ company }: Teller, since: number, users: readonly string[]): Promise<Found> {
  const { pagerDuty } = company.reach;
  const first = (user: string) => pagerDuty.notifications.find((ring) => ring.user === user && ring.at >= since);
  const holds = await until('they are called', async () => users.every((user) => first(user) !== undefined), {
    withinMs: 90_000,
    everyMs: 200,
  }).catch(() => false);
  const said = users.map((user) => {
    const name = accountPeople.find(({ id }) => id === user)?.name;
    const at = first(user)?.at;
    return `${name} ${at === undefined ? 'not called' : `after ${Math.round((at - since) / 1000)} s`}`;
  });
  return { holds, found: said.join(', ') };
}

async function isResolved({ company, desk }: Teller, incident: Message): Promise<Found> {
  const { pagerDuty } = company.reach;
  const id = /INC-\d+/.exec(incident.text)?.[0] ?? '';
  const open = () => pagerDuty.incidents.filter(({ key, status }) => key.startsWith(`${id}/`) && status !== 'resolved');
  const isOver = async (): Promise<boolean> => desk.words(incident).startsWith('RESOLVED') && open().length === 0;
  const holds = await until('it is over', isOver, { withinMs: 90_000 }).catch(() => false);
  return { holds, found: desk.words(incident).replace(/ \[.*/s, '') };
}
