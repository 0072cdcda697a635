import { MongoClient } from 'mongodb';
import type { RequestId } from '#core';
import { until } from '#sandbox/servers';
import { fingerprints, shapeOf } from '../../../sandbox/demo/live-data.ts';
import { type CompanyBench, PEOPLE, stepsTold } from '../company-bench.ts';

/** Nobody writes into these two, so whatever they were before the damage they must be after the swap. */
const DROPPED = 'annotations';
const DAMAGED = 'vehicles';
const RESTORED = [DROPPED, DAMAGED];

/** What is broken while the runs are under way; each is called as soon as its run was asked for, or approved. */
export interface Breaks {
  readonly inRestore: (restore: RequestId) => Promise<void>;
  readonly inSwap: (swap: RequestId) => Promise<void>;
}

/**
 * A collection is dropped and another loses half of itself; both are restored, proved and swapped in by two people,
 * while something is broken. Returns what did not hold.
 */
export async function restoreAndSwap(bench: CompanyBench, { inRestore, inSwap }: Breaks): Promise<string[]> {
  const client = new MongoClient(bench.company.databases.eld.uri('root'));
  try {
    const before = await lookAt(client);
    await client.db('eld').collection(DROPPED).drop();
    await client.db('eld').collection(DAMAGED).deleteMany({ 'attributes.sleeper': true });
    const { request: restore } = await bench.ask(PEOPLE.mike, `/dr restore latest --only ${RESTORED.join(',')}`);
    await inRestore(restore);
    const faults = await faultsOf(bench, restore);
    // What follows by itself would put back only what is missing.
    await bench.company.slack.asUser(PEOPLE.mike).slash(`/dr cancel ${await followUpOf(bench, restore)}`);
    const { request: swap } = await bench.ask(PEOPLE.mike, `/dr restore swap ${restore} --all`);
    await bench.approve(swap);
    await inSwap(swap);
    faults.push(...(await faultsOf(bench, swap)));
    faults.push(...differences(before, await lookAt(client)).map((what) => `${swap}: ${what}`));
    // What follows a swap by itself is the next backup; the next round must not run into it.
    faults.push(...(await faultsOf(bench, await followUpOf(bench, swap))));
    return [...faults, ...(await faultsAround(bench, client, swap))];
  } finally {
    await client.close();
  }
}

interface Look {
  readonly documents: ReadonlyMap<string, string>;
  readonly shape: string;
}

async function lookAt(client: MongoClient): Promise<ReadonlyMap<string, Look>> {
  const looks = RESTORED.map(async (name): Promise<[string, Look]> => {
    const shape = await shapeOf(client, name);
    return [name, { documents: await fingerprints(client, name), shape: shape.text }];
  });
  return new Map(await Promise.all(looks));
}

function differences(before: ReadonlyMap<string, Look>, after: ReadonlyMap<string, Look>): string[] {
  return [...before].flatMap(([name, was]) => {
    const is = after.get(name);
    const changed = [...was.documents].filter(([id, hash]) => is?.documents.get(id) !== hash).length;
    const more = [...(is?.documents.keys() ?? [])].filter((id) => !was.documents.has(id)).length;
    return [
      ...(changed > 0 ? [`${changed} documents of ${name} are missing or changed`] : []),
      ...(more > 0 ? [`${name} has ${more} documents it did not have`] : []),
      ...(is?.shape === was.shape ? [] : [`${name} is made otherwise: ${is?.shape}, was ${was.shape}`]),
    ];
  });
}

/** What is asked for by itself after a run. */
const followUpOf = (bench: CompanyBench, run: RequestId): Promise<RequestId> =>
  until(
    `something follows ${run}`,
    async () => {
      const follow = await bench.followUp(run);
      return follow && follow.state !== 'checking' ? follow.id : undefined;
    },
    { withinMs: 120_000, everyMs: 200 },
  );

/** A run that must have done all of its steps, told each once, and no more. */
async function faultsOf(bench: CompanyBench, request: RequestId): Promise<string[]> {
  const run = await bench.ended(request, 180_000);
  const told = stepsTold(await bench.entries(request));
  const did = run.steps.map(({ name }) => name);
  return [
    ...(run.state === 'done' ? [] : [`${request}: ended as ${run.state}: ${run.failure?.message ?? ''}`]),
    ...(JSON.stringify(told) === JSON.stringify(did) ? [] : [`${request}: told ${told}, did ${did}`]),
  ];
}

/** What must hold around a swap: drivers go on writing, nothing of theirs is lost, nothing half-done lies about. */
async function faultsAround(bench: CompanyBench, client: MongoClient, swap: RequestId): Promise<string[]> {
  const faults: string[] = [];
  const { checked } = await bench.audit();
  await until('writes go on', async () => (await bench.audit()).checked > checked).catch(() =>
    faults.push(`${swap}: writes do not go on`),
  );
  const audit = await bench.audit();
  if (audit.missing + audit.changed > 0) faults.push(`${swap}: acknowledged writes lost: ${JSON.stringify(audit)}`);
  const verdict = await bench.verify();
  if (!verdict.whole) faults.push(`${swap}: the record is broken: ${JSON.stringify(verdict)}`);
  const all = await client.db('eld').listCollections({}, { nameOnly: true }).toArray();
  const left = all.map(({ name }) => name).filter((name) => /^__hf_(?!old_)/.test(name));
  if (left.length > 0) faults.push(`${swap}: left behind: ${left.join(', ')}`);
  return faults;
}
