import { until } from '#sandbox/servers';
import { type CompanyBench, PEOPLE } from '../company-bench.ts';

/** `/dr status` as somebody types it: that it is acknowledged, and how long until something is said. */
export async function asksForStatus(bench: CompanyBench, withinMs: number): Promise<string[]> {
  const { slack } = bench.company;
  const newest = (): string =>
    [slack.ephemerals(PEOPLE.mike).at(-1)?.ts ?? '', slack.messages().at(-1)?.ts ?? ''].sort().at(-1) ?? '';
  const before = newest();
  const startedAt = performance.now();
  const outcome = await slack.asUser(PEOPLE.mike).slash('/dr status --here');
  if (!outcome.ok) return [`/dr status was not acknowledged: ${outcome.said}`];
  const said = (): boolean =>
    [...slack.ephemerals(PEOPLE.mike), ...slack.messages()].some(
      ({ ts, text, blocks }) => ts > before && `${text}${JSON.stringify(blocks)}`.includes('us-west-2'),
    );
  await until('/dr status is answered', async () => said(), { withinMs }).catch(() => undefined);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return said() ? [] : [`/dr status was not answered in ${seconds} s`];
}
