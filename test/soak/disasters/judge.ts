import { fetch } from 'undici';
import { LossCount } from '#failover';
import type { SandboxRegion } from '#sandbox/company';
import { until } from '#sandbox/servers';
import type { RunRecord } from '#workflow';
import type { CompanyBench } from '../../e2e/company-bench.ts';

/** What a run has counted as lost, wherever in its steps' outputs it stands; undefined when it counted nothing. */
export function lossOf(run: RunRecord | undefined): LossCount | undefined {
  const search = (value: unknown): LossCount | undefined => {
    const read = LossCount.safeParse(value);
    if (read.success) return read.data;
    if (typeof value !== 'object' || value === null) return undefined;
    for (const inner of Object.values(value)) {
      const found = search(inner);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return run?.steps.map(({ output }) => search(output)).findLast((found) => found !== undefined);
}

/** Whether a run that has ended says what is so: done means there, put back means not, failed says why. */
export function untruthOf(run: RunRecord | undefined, reached: SandboxRegion | undefined, to: string): string[] {
  if (run === undefined) return [`a run neither ended nor stopped to say why`];
  const { id, state, failure } = run;
  if (state === 'done' && reached !== to) return [`${id} is done, and ${reached ?? 'nobody'} takes writes`];
  if (state === 'failed' && !failure?.message) return [`${id} failed and does not say why`];
  if (run.putBack && reached === to) return [`${id} says that it was put back, and ${to} takes writes`];
  return [];
}

/** Which region's member takes users' writes, once exactly one does. */
export async function takesWrites(bench: CompanyBench, withinMs: number): Promise<SandboxRegion | undefined> {
  const primary = await until(
    'one member takes writes',
    async () => {
      const open = await bench.watch.writable().catch(() => []);
      return open.length === 1 ? open[0] : undefined;
    },
    { withinMs },
  ).catch(() => undefined);
  if (primary === undefined) return undefined;
  return primary.startsWith('west') ? 'us-west-2' : 'us-east-1';
}

/** How many writes the service of one region acknowledged from then on, by the drivers' own ledger. */
export async function acknowledgedSince(bench: CompanyBench, region: string, since: number): Promise<number> {
  const answer = await fetch(`${bench.company.eld.drivers.acknowledgedWritesUrl}?since=${since}`);
  const lines = (await answer.text()).split('\n');
  return lines.filter((line) => line.includes(`"region":"${region}"`)).length;
}

/** What must hold at the end of every round, whatever happened. */
export async function standing(bench: CompanyBench, lostBefore: number, receipt: number): Promise<string[]> {
  const faults: string[] = [];
  const audit = await until('the drivers read back', () => readBack(bench), { withinMs: 60_000 }).catch(
    () => undefined,
  );
  if (audit === undefined) faults.push('what was acknowledged could not be read back');
  else {
    const lost = audit.missing - lostBefore;
    if (lost !== receipt) faults.push(`drivers lost ${lost} acknowledged writes, the receipt says ${receipt}`);
    if (audit.changed > 0) faults.push(`${audit.changed} acknowledged writes have other content`);
  }
  const verdict = await bench.verify();
  if (!verdict.whole) faults.push(`the record is broken: ${JSON.stringify(verdict)}`);
  return faults;
}

async function readBack(bench: CompanyBench) {
  const audit = await bench.audit();
  return typeof audit.checked === 'number' ? audit : undefined;
}
