import { until } from '#sandbox/servers';
import { type CompanyBench, PEOPLE } from '../company-bench.ts';

/** Slack hands a line to one of Holdfast's connections; to one that is frozen it is lost, and people type it again. */
const TRIES = 3;

/** `/dr status` as somebody types it, again if Slack says that nobody took it: what did not hold. */
export async function asksForStatus(bench: CompanyBench, withinMs: number): Promise<string[]> {
  const { slack } = bench.company;
  const newest = (): string =>
    [slack.ephemerals(PEOPLE.mike).at(-1)?.ts ?? '', slack.messages().at(-1)?.ts ?? ''].sort().at(-1) ?? '';
  const before = newest();
  const startedAt = performance.now();
  const type = () => slack.asUser(PEOPLE.mike).slash('/dr status --here');
  let outcome = await type();
  for (let tries = 1; tries < TRIES && !outcome.ok; tries += 1) outcome = await type();
  if (!outcome.ok) return [`/dr status was not acknowledged: ${outcome.said}`];
  const said = (): boolean =>
    [...slack.ephemerals(PEOPLE.mike), ...slack.messages()].some(
      ({ ts, text, blocks }) => ts > before && `${text}${JSON.stringify(blocks)}`.includes('us-west-2'),
    );
  await until('/dr status is answered', async () => said(), { withinMs }).catch(() => undefined);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return said() ? [] : [`/dr status was not answered in ${seconds} s`];
}

/** What `/dr status` says to whoever types it now; empty where nobody answers within a few seconds. */
export async function statusText(bench: CompanyBench): Promise<string> {
  const { slack } = bench.company;
  const before = slack.ephemerals(PEOPLE.mike).at(-1)?.ts ?? '';
  await slack.asUser(PEOPLE.mike).slash('/dr status');
  const answer = () => slack.ephemerals(PEOPLE.mike).findLast(({ ts }) => ts > before);
  const found = await until('it is answered', async () => answer(), { withinMs: 8_000 }).catch(() => undefined);
  return found ? `${found.text}${JSON.stringify(found.blocks)}` : '';
}
