import type { MongoClient } from 'mongodb';
import { type Company, EAST, returnRegion } from '#sandbox/company';
import type { World } from '#sandbox/page';
import { until } from '#sandbox/servers';
import type { Found } from './claims.ts';
import { ALEX, MIKE } from './desk.ts';
import { move } from './move.ts';
import { nothingLostSince, onlyPrimaryIs, worldWhen } from './servers-say.ts';
import type { Teller } from './teller.ts';
import { trafficIsOn } from './traffic.ts';

export const COME_BACK_CLAIMS = 7;

/** The first region returns: its members are held, read, and follow again; then it is given the traffic back in steps. */
export async function comeBack(teller: Teller): Promise<void> {
  const { company, story, desk, client } = teller;
  story.chapter('4 COME BACK');
  const since = Date.now();
  await returnRegion(company, EAST);
  story.tell('us-east-1 has power again');
  await story.claim('its services answer again', () => servicesAnswer(company));
  story.tell('/dr rebuild us-east-1           by Mike Johnson');
  const rebuild = await desk.ask(MIKE, '/dr rebuild us-east-1');
  await desk.until(rebuild, /^Approve\?/, 40_000);
  await desk.approve(rebuild, ALEX);
  story.tell('Alex Chen approves');
  story.tell(await desk.until(rebuild, /^DONE/, 180_000));
  await story.claim('its members follow us-west-2', () => allHealthy(client));
  await company.slack.waitFor(() => company.slack.connections > 0, 30_000, 'Holdfast is connected to Slack');
  await move(teller, '/dr failback us-east-1');
  await story.claim('exactly one primary, in us-east-1', () => onlyPrimaryIs(company, 'east-1'));
  await story.claim('DNS and drivers are on us-east-1', () => trafficIsOn(company, EAST));
  await story.claim('every member votes again', () => allVote(client));
  await story.claim('no acknowledged write lost', () => nothingLostSince(company, since));
}

const Healthy = ['PRIMARY', 'SECONDARY'];

async function allHealthy(client: MongoClient): Promise<Found> {
  let found = 'no answer';
  const look = async () => {
    const { members } = await client.db('admin').command({ replSetGetStatus: 1 });
    found = members.map((member: { stateStr: string }) => member.stateStr).join(', ');
    return members.every((member: { stateStr: string }) => Healthy.includes(member.stateStr));
  };
  const holds = await until('all members are healthy', look, { withinMs: 40_000, everyMs: 300 }).catch(() => false);
  return { holds, found };
}

async function servicesAnswer(company: Company): Promise<Found> {
  const appOf = ({ regions }: World) => regions.find(({ name }) => name === EAST)?.app;
  const all = (world: World) => (appOf(world)?.ready ?? 0) > 0 && appOf(world)?.ready === appOf(world)?.replicas;
  const world = await worldWhen(company, all, 40_000);
  return { holds: all(world), found: `${appOf(world)?.ready} of ${appOf(world)?.replicas} instances` };
}

async function allVote(client: MongoClient): Promise<Found> {
  const { config } = await client.db('admin').command({ replSetGetConfig: 1 });
  const votes = config.members.map(({ votes: each }: { votes: number }) => each);
  return { holds: votes.every((each: number) => each === 1), found: `votes ${votes.join(', ')}` };
}
