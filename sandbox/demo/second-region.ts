import { setTimeout as sleep } from 'node:timers/promises';
import { type Company, EAST, regionalParts, WEST } from '#sandbox/company';
import type { Found } from './claims.ts';
import { driverStats, majorityWriteWorks, nothingLostSince, onlyPrimaryIs, worldWhen } from './servers-say.ts';
import { SERVICE_DIES_CLAIMS, serviceDies } from './service-dies.ts';
import type { Teller } from './teller.ts';

export const SECOND_REGION_CLAIMS = 8 + SERVICE_DIES_CLAIMS;
const PAUSE_LIMIT_MS = 10_000;

/** The service dies and is moved, then the whole first region dies: the second goes on alone. */
export async function secondRegion(teller: Teller): Promise<void> {
  const { company, story } = teller;
  story.chapter('3 THE SERVICE DIES, THEN ALL OF ITS REGION');
  const since = Date.now();
  await serviceDies(teller);
  const { longestPauseMs } = await driverStats(company);
  await story.claim('drivers waited less than was approved', async () => ({
    holds: longestPauseMs < PAUSE_LIMIT_MS,
    found: `${(longestPauseMs / 1000).toFixed(1)} s of 10 s`,
  }));
  await story.claim('exactly one primary, in us-west-2', () => onlyPrimaryIs(company, 'west-1'));
  await story.claim('DNS and drivers are on us-west-2', () => trafficIsOn(company, WEST));
  await story.claim('no acknowledged write lost', () => nothingLostSince(company, since));

  const parts = regionalParts(company, EAST);
  await Promise.all(parts.map((part) => part.kill()));
  story.tell(`us-east-1 killed (SIGKILL): ${parts.map(({ name }) => name).join(', ')}`);
  await story.claim('still exactly one primary, in us-west-2', () => onlyPrimaryIs(company, 'west-1'));
  await story.claim('a majority write in us-west-2', () => majorityWriteWorks(company));
  await story.claim('drivers go on', async () => {
    const before = await driverStats(company);
    await sleep(3000);
    const more = (await driverStats(company)).acknowledged - before.acknowledged;
    return { holds: more > 0, found: `${more} more writes acknowledged in 3 s` };
  });
  await story.claim('no acknowledged write lost with the region', () => nothingLostSince(company, since));
}

/** What Route 53 says, and where drivers' writes of the last 10 s went. */
export async function trafficIsOn(company: Company, region: string): Promise<Found> {
  const of = (regions: readonly { name: string; app: { weightPercent: number; trafficPercent: number } }[]) =>
    regions.find(({ name }) => name === region)?.app;
  const fits = (app: ReturnType<typeof of>) => app?.weightPercent === 100 && app.trafficPercent === 100;
  const app = of((await worldWhen(company, ({ regions }) => fits(of(regions)), 20_000)).regions);
  return { holds: fits(app), found: `DNS ${app?.weightPercent} %, drivers ${app?.trafficPercent} %` };
}
