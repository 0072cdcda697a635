import type { Company } from '#sandbox/company';
import type { World } from '#sandbox/page';
import type { Found } from './claims.ts';
import { worldWhen } from './servers-say.ts';

type App = World['regions'][number]['app'];

const appOf = ({ regions }: World, region: string): App | undefined => regions.find(({ name }) => name === region)?.app;

/** What Route 53 says, and where drivers' writes of the last 10 s went. */
export async function trafficIsOn(company: Company, region: string): Promise<Found> {
  const fits = (app: App | undefined) => app?.weightPercent === 100 && app.trafficPercent === 100;
  const app = appOf(await worldWhen(company, (world) => fits(appOf(world, region)), 20_000), region);
  return { holds: fits(app), found: `DNS ${app?.weightPercent} %, drivers ${app?.trafficPercent} %` };
}

/** Where drivers' writes of the last 10 s went, whatever the weights say: health checks may turn them away from a region. */
export async function driversAreOn(company: Company, region: string): Promise<Found> {
  const fits = (app: App | undefined) => app?.trafficPercent === 100;
  const app = appOf(await worldWhen(company, (world) => fits(appOf(world, region)), 20_000), region);
  return { holds: fits(app), found: `drivers ${app?.trafficPercent} %, weights still say ${app?.weightPercent} %` };
}
