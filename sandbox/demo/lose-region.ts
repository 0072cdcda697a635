import { setTimeout as sleep } from 'node:timers/promises';
import { EAST, loseRegion, WEST } from '#sandbox/company';
import { accountPeople } from '#sandbox/pagerduty';
import { until } from '#sandbox/servers';
import type { Message } from '#sandbox/slack';
import type { Found } from './claims.ts';
import { ALEX, JOHN, requestIn } from './desk.ts';
import { acknowledgedIn, lostSince, majorityWriteWorks, onlyPrimaryIs, writableMembers } from './servers-say.ts';
import type { Teller } from './teller.ts';
import { driversAreOn } from './traffic.ts';

export const LOSE_REGION_CLAIMS = 8;

/** Their ids at PagerDuty, which rings their phones. */
const PAGER = { [JOHN]: 'PJSMITH1', [ALEX]: 'PALXCHEN' } as const;
/** Of plan.yaml: so much may be lost, by what people approve. */
const LOSS_LIMIT = '30 s';
/** So long drivers write before the region dies. */
const BEFORE_MS = 3_000;

/**
 * The first region dies while it serves, with its queue and DNS's control API. What is left of Holdfast calls people, and
 * proposes to leave it; two approve, and what drivers were told is compared with what is there.
 */
export async function surviveLoss(teller: Teller): Promise<void> {
  const { company, desk, story } = teller;
  story.chapter('3 LOSE A REGION');
  // later than everything that was dropped and got back before
  const since = Date.now();
  await sleep(BEFORE_MS);
  const parts = await loseRegion(company, EAST);
  story.tell(`us-east-1 killed (SIGKILL): ${parts.join(', ')}`);
  const incident = await desk.root(/^SEV-1 INC-\d+/, 90_000);
  story.tell(incident.text.replace(/\. .*/, ''));
  await story.claim('who leads and who knows the database are called', () => called(teller, since));

  const card = await desk.root(/^Approve\? us-east-1 is DOWN/, 90_000);
  story.tell(`Holdfast proposes: ${card.text.replace(/\. .*/, '').replace('Approve? ', '').replace('&gt;', '>')}`);
  await desk.approve(card, JOHN);
  await story.claim('nothing is forced on one approval', () => waitsForAnother(teller, card));
  await desk.approve(card, ALEX);
  const approvedAt = Date.now();
  story.tell('John Smith and Alex Chen approve');
  await story.claim('drivers save in us-west-2 again', () => savesAgain(teller, approvedAt));
  story.tell(await desk.until(card, /^DONE/, 180_000));
  await story.claim('exactly one primary, in us-west-2', () => onlyPrimaryIs(company, 'west-1'));
  await story.claim('drivers are on us-west-2, without the control API of DNS', () => driversAreOn(company, WEST));
  await story.claim('a majority write in us-west-2', () => majorityWriteWorks(company));
  await story.claim(`what is lost is what the receipt says, announced limit ${LOSS_LIMIT}`, () =>
    lossIsAsSaid(teller, since, requestIn(card.text)),
  );
  await story.claim('the incident resolved itself, here and at PagerDuty', () => isResolved(teller, incident));
}

/** Whose phones rang, by PagerDuty's own book. */
async function called({ company }: Teller, since: number): Promise<Found> {
  const { pagerDuty } = company.reach;
  const first = (user: string) => pagerDuty.notifications.find((ring) => ring.user === user && ring.at >= since);
  const users = Object.values(PAGER);
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

async function waitsForAnother({ company, desk }: Teller, card: Message): Promise<Found> {
  const counted = await until('it is counted', async () => desk.words(card).includes('1 of 2'), {
    withinMs: 20_000,
  }).catch(() => false);
  const open = await writableMembers(company);
  return { holds: counted && open.length === 0, found: `1 of 2, ${open.join() || 'no'} member takes writes` };
}

/** The first write that a driver was told of from there. */
async function savesAgain({ company }: Teller, approvedAt: number): Promise<Found> {
  let first: number | undefined;
  const look = async (): Promise<boolean> => {
    first = (await acknowledgedIn(company, WEST, approvedAt))[0];
    return first !== undefined;
  };
  await until('a write in us-west-2', look, { withinMs: 60_000, everyMs: 300 }).catch(() => undefined);
  return {
    holds: first !== undefined,
    found: first === undefined ? 'none in a minute' : `${((first - approvedAt) / 1000).toFixed(1)} s after approval`,
  };
}

/** The drivers' own count of what they were told of and is not there, against the receipt in the thread. */
async function lossIsAsSaid({ company }: Teller, since: number, request: string): Promise<Found> {
  const words = () =>
    company.slack.messages().flatMap(({ text }) => /^.*Loss receipt 1: ([\d,]+) writes? missing/.exec(text)?.[1] ?? []);
  // lines follow the card at the pace that Slack allows
  const said = await until('the receipt is in the thread', async () => words().at(-1), { withinMs: 30_000 }).catch(
    () => 'NaN',
  );
  const receipt = Number(said.replaceAll(',', ''));
  const { checked, missing } = await lostSince(company, since);
  const found = `${checked.toLocaleString('en-US')} acknowledged, ${missing} lost`;
  return { holds: checked > 0 && missing === receipt, found: `${found}, ${request} says ${receipt}` };
}

async function isResolved({ company, desk }: Teller, first: Message): Promise<Found> {
  const { pagerDuty } = company.reach;
  let incident = first;
  const isOver = async (): Promise<boolean> => {
    // seen by two detectors a moment apart, one trouble may begin as two incidents, which are merged
    const into = /goes on in (INC-\d+)/.exec(desk.words(incident))?.[1];
    if (into) incident = await desk.root(new RegExp(`\\b${into}\\b`), 5_000);
    const id = /INC-\d+/.exec(incident.text)?.[0] ?? '';
    const open = pagerDuty.incidents.filter(({ key, status }) => key.startsWith(`${id}/`) && status !== 'resolved');
    return desk.words(incident).startsWith('RESOLVED') && open.length === 0;
  };
  const holds = await until('it is over', isOver, { withinMs: 90_000 }).catch(() => false);
  return { holds, found: desk.words(incident).replace(/ \[.*/s, '') };
}
