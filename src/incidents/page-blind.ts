import { gsmText, type PersonId, type Role, type Text } from '#core';
import type { Duty, Roster } from '#oncall';
import { plainText } from '#record';
import { addressOf } from './make-pages.ts';
import { spoken } from './spoken.ts';
import type { IncidentsWorld } from './world.ts';

/** What is paged without any record: the control store does not answer. */
export interface BlindPage {
  /** Which thing; the same one pages once, however many see it. */
  readonly key: string;
  readonly title: string;
  readonly effect: Text;
  readonly since: Date;
}

/** What came of it, for the log; the record can't be reached. */
export interface BlindOutcome {
  readonly pager: 'accepted' | 'refused' | 'none';
  readonly notices: number;
}

type BlindWorld = Pick<IncidentsWorld, 'plan' | 'roster' | 'duty' | 'pager' | 'notifiers'>;

/**
 * Pages whoever is on duty for a Sev-1 by the plan alone, with no control store: the pager under a key made of `key` and the
 * day it began, and where it does not answer the gateways. Never throws; may be repeated as often as one likes.
 */
export async function pageBlind(world: BlindWorld, what: BlindPage): Promise<BlindOutcome> {
  const people = await onDuty(world, what.since);
  const key = `holdfast/${what.key}/${what.since.toISOString().slice(0, 10)}`;
  if (world.pager && (await isCalled(world, what, key, people))) return { pager: 'accepted', notices: 0 };
  const sent = await Promise.all(world.notifiers.map((notifier) => sendAll(world, notifier, what, key, people)));
  return { pager: world.pager ? 'refused' : 'none', notices: sent.reduce((sum, count) => sum + count, 0) };
}

async function onDuty({ plan, roster, duty }: BlindWorld, at: Date): Promise<PersonId[]> {
  const roles = plan.severities['sev-1'].page;
  const people = await Promise.all(roles.map((role) => firstContact(role, at, duty, roster)));
  return [...new Set(people.flatMap((person) => (person ? [person] : [])))];
}

/** What was changed by command lies in the store that does not answer; the plan is here. */
const firstContact = (
  role: Role,
  at: Date,
  duty: Pick<Duty, 'onDuty'>,
  roster: Roster,
): Promise<PersonId | undefined> => duty.onDuty(role, at).catch(() => roster.onDuty(role, at));

async function isCalled(
  world: BlindWorld,
  what: BlindPage,
  key: string,
  people: readonly PersonId[],
): Promise<boolean> {
  const { pager, roster, plan } = world;
  if (!pager) return false;
  try {
    const effect = plainText(what.effect, roster.name, what.since);
    await pager.trigger({
      key,
      summary: `SEV-1 ${what.title} since ${minute(what.since)}, ${effect}`.slice(0, 1_024),
      severity: 'critical',
      source: 'Holdfast',
      details: [
        ['What', what.title],
        ['Since', minute(what.since)],
        ['Effect', effect],
        ['Next', 'dr doctor'],
        ['Why so short', "Holdfast's own records can't be reached; nothing about this page is kept."],
      ],
      links: [],
    });
  } catch {
    return false;
  }
  // the pager's own schedule calls too; that the named people are not known there is no reason to ring twice
  const users = people.flatMap((person) => plan.roster.people[person]?.pagerdutyUser ?? []);
  await pager.callAlso(key, users).catch(() => false);
  return true;
}

async function sendAll(
  world: BlindWorld,
  notifier: IncidentsWorld['notifiers'][number],
  what: BlindPage,
  key: string,
  people: readonly PersonId[],
): Promise<number> {
  const effect = plainText(what.effect, world.roster.name, what.since);
  const text = `SEV-1 ${what.title} since ${minute(what.since)}. ${effect}`;
  let sent = 0;
  for (const person of people) {
    const to = addressOf(world, notifier.kind, person);
    if (to === undefined) continue;
    const words =
      notifier.kind === 'sms'
        ? gsmText(text)
        : notifier.kind === 'voice'
          ? `Holdfast. Severity one. ${spoken(what.title)}. ${spoken(effect)}`
          : text;
    const notice = { id: `${key}/${person}/${notifier.kind}`, to, subject: text.slice(0, 120), text: words };
    const isSent = await notifier.send(notice).then(
      () => true,
      () => false,
    );
    if (isSent) sent += 1;
  }
  return sent;
}

const minute = (time: Date): string => `${time.toISOString().slice(11, 16)} UTC`;
