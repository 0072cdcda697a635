import type { Incident } from '#incidents';
import { EAST, loseRegion, WEST } from '#sandbox/company';
import { until } from '#sandbox/servers';
import { type CompanyBench, PEOPLE } from '../company-bench.ts';
import { killWhileMoving } from './kill-during-move.ts';
import { askUntilFit, faultsAfterMove } from './move.ts';
import { resolvesItself } from './resolves-itself.ts';
import type { Seeded } from './seeded.ts';

/**
 * us-east-1 is lost while it serves, with its Redis and Route 53's control API: Holdfast in us-west-2 calls people, proposes
 * to leave it, and does so though it is killed meanwhile. Returns what did not hold.
 */
export async function leaveLostRegion(
  bench: CompanyBench,
  random: Seeded,
  kills: number,
  note: (what: string) => void,
): Promise<string[]> {
  const lostAt = performance.now();
  const seconds = (): string => `${((performance.now() - lostAt) / 1000).toFixed(0)} s`;
  await loseRegion(bench.company, EAST);
  const incident = await until('its loss is an incident', () => incidentOf(bench), { withinMs: 90_000 });
  note(`${incident.id}: ${incident.title}, after ${seconds()}`);
  const request = await until('leaving it is proposed', async () => (await bench.incident(incident.id))?.proposals[0], {
    withinMs: 90_000,
  });
  note(`${incident.id}: ${request} proposed after ${seconds()}`);
  const faults = await killWhileMoving(bench, { request, to: WEST }, random, kills, note);
  note(`${request}: ended after ${seconds()}, longest pause ${(await bench.stats()).longestPauseMs} ms`);
  const held = (await bench.incident(incident.id))?.legs.flatMap(({ hold }) => hold?.by ?? []) ?? [];
  return [
    ...faults,
    ...(held.length > 0 ? [] : [`${incident.id}: who approved is still called`]),
    ...(await resolvesItself(bench, incident)),
  ];
}

const incidentOf = async (bench: CompanyBench): Promise<Incident | undefined> =>
  (await bench.incidents()).find(
    ({ severity, causes }) => severity === 'sev-1' && causes.some(({ key }) => key === `region/${EAST}`),
  );

/** us-east-1 runs again: no failback before its members are held, read, started as followers and proved. */
export async function rebuildReturned(bench: CompanyBench, note: (what: string) => void): Promise<string[]> {
  await botsAnswer(bench);
  const backAt = performance.now();
  const early = await refusal(bench, `/dr failback ${EAST} --reason "it is back"`);
  const rebuild = await askUntilFit(bench, `/dr rebuild ${EAST}`);
  await bench.approve(rebuild, [PEOPLE.alex]);
  const rebuilt = await bench.ended(rebuild, 180_000);
  note(`${rebuild}: rebuild is ${rebuilt.state} after ${((performance.now() - backAt) / 1000).toFixed(0)} s`);
  return [
    ...(early.includes('were not rebuilt') ? [] : [`before a rebuild a failback was answered: ${early}`]),
    ...(rebuilt.state === 'done' ? [] : [`${rebuild} is ${rebuilt.state}: ${rebuilt.failure?.message}`]),
  ];
}

/** Back where users usually are. */
export async function failBack(bench: CompanyBench): Promise<string[]> {
  const failback = await askUntilFit(bench, `/dr failback ${EAST} --reason "it is whole again"`);
  await bench.approve(failback);
  return faultsAfterMove(bench, failback, EAST);
}

/** Every bot is connected to Slack again and takes what is typed; one that has just started on a busy machine may not at once. */
async function botsAnswer({ company: { slack, roles } }: CompanyBench): Promise<void> {
  const bots = roles.filter(({ name }) => /-(bot|all)-/.test(name)).length;
  let inRow = 0;
  await until(
    'every bot takes what is typed',
    async () => {
      const { ok } = await slack.asUser(PEOPLE.mike).slash('/dr whoami');
      inRow = ok && slack.connections >= bots ? inRow + 1 : 0;
      return inRow >= 4;
    },
    { withinMs: 120_000, everyMs: 500 },
  );
}

/** What the record says of a request that can't be: it gets no card. */
async function refusal(bench: CompanyBench, line: string): Promise<string> {
  const { request } = await bench.ask(PEOPLE.mike, line);
  return until(`${request} is refused`, async () => {
    const entry = (await bench.entries(request)).find(({ kind }) => kind === 'refused');
    return entry && JSON.stringify(entry.text);
  });
}
