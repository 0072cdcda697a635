import { MongoClient } from 'mongodb';
import { z } from 'zod';
import { httpTraffic } from '#adapters/traffic';
import { ColdReceipt } from '#failover';
import { EAST, EU, loseRegion, WEST } from '#sandbox/company';
import { passwordOf, type ReplicaSet, until } from '#sandbox/servers';
import type { CompanyBench } from '../company-bench.ts';
import { askUntilFit } from './move.ts';
import { statusText } from './status.ts';

/** What shows in the ledger that drivers were acknowledged by the new region. */
const WRITES_AFTER = 20;

/**
 * us-east-1 is lost as a whole and us-west-2's database with it; its control member lives, and Holdfast there with it. The service is
 * built in eu-west-1 from the vault: what is lost is what drivers count, writes go on, and `/dr status` says who serves. Returns
 * what did not hold.
 */
export async function buildColdRegion(bench: CompanyBench, note: (what: string) => void): Promise<string[]> {
  const { company } = bench;
  await loseRegion(company, EAST);
  company.databases.eld.member('west-1').kill('SIGKILL');
  return buildFromVault(bench, note);
}

/**
 * Both other regions are lost as a whole: buckets, keys, name servers' API, Holdfast there, and the control store's majority, whose last
 * member a person forces as docs/operations.md has it. Only what runs in eu-west-1 is left.
 */
export async function buildAlone(bench: CompanyBench, note: (what: string) => void): Promise<string[]> {
  const { company } = bench;
  await loseRegion(company, EAST);
  await loseRegion(company, WEST);
  await forceLastControlMember(company.databases.control);
  return buildFromVault(bench, note);
}

/** Asks for it, approves it, and looks at what came of it in the servers themselves. */
async function buildFromVault(bench: CompanyBench, note: (what: string) => void): Promise<string[]> {
  const faults: string[] = [];
  const wrong = (holds: boolean, what: string): void => {
    if (!holds) faults.push(what);
  };
  const lostAt = performance.now();
  const seconds = (): string => `${((performance.now() - lostAt) / 1_000).toFixed(0)} s`;
  const request = await askUntilFit(bench, `/dr failover ${EU} --reason "both other regions are gone"`, 120_000);
  note(`${request}: can be asked for after ${seconds()}`);
  await bench.approve(request);
  const run = await bench.ended(request, 300_000);
  note(
    `${request}: ${run.state} after ${seconds()}; ${run.steps.map(({ name, tookMs }) => `${name} ${tookMs?.toFixed(0)}`).join(', ')}`,
  );
  if (run.state !== 'done') return [`${request} is ${run.state}: ${JSON.stringify(run.failure)}`];
  const receipt = ColdReceipt.parse(run.steps.at(-1)?.output);
  const { acknowledged, missing } = await countAgain(bench, receipt.openedAt);
  note(
    `${request}: ${missing} of ${acknowledged} acknowledged writes are missing, the receipt says ${receipt.counted.loss.missing}`,
  );
  wrong(
    missing === receipt.counted.loss.missing,
    `the receipt says ${receipt.counted.loss.missing}, drivers miss ${missing}`,
  );
  wrong(receipt.counted.loss.spanMs <= receipt.lossLimitMs, `lost ${receipt.counted.loss.spanMs} ms`);
  await until(
    'drivers write to eu-west-1',
    async () => {
      const { byRegion } = await bench.stats();
      return (byRegion.find(({ region }) => region === EU)?.acknowledged ?? 0) >= WRITES_AFTER;
    },
    { withinMs: 60_000 },
  ).catch(() => wrong(false, 'no writes in eu-west-1'));
  await until('status says who serves', async () => (await statusText(bench)).includes(`${EU} serves ELD`), {
    withinMs: 60_000,
    everyMs: 3_000,
  }).catch(() => wrong(false, '/dr status does not say that eu-west-1 serves'));
  return faults;
}

/** Every acknowledged write until then, looked for by id in the new database. */
async function countAgain({ company }: CompanyBench, until_: Date): Promise<{ acknowledged: number; missing: number }> {
  const { drivers } = company.eld;
  const none = async (): Promise<never> => {
    throw new Error('not asked');
  };
  const traffic = httpTraffic({
    ...{ statsUrl: drivers.statsUrl, acknowledgedWritesUrl: drivers.acknowledgedWritesUrl, serviceUrl: none },
  });
  const { eld } = company.databases;
  const uri = `mongodb://root:${passwordOf(eld.key.text, 'root')}@${company.agents.coldHost}/?directConnection=true&authSource=admin`;
  const client = new MongoClient(uri);
  try {
    const found = await client
      .db('eld')
      .collection('driver_logs')
      .find({}, { projection: { _id: 1 } })
      .toArray();
    const there = new Set(found.map(({ _id }) => z.string().parse(_id)));
    let acknowledged = 0;
    let missing = 0;
    for await (const { id } of traffic.acknowledged(new Date(0), until_)) {
      acknowledged += 1;
      if (!there.has(id)) missing += 1;
    }
    return { acknowledged, missing };
  } finally {
    await client.close();
  }
}

/** As an administrator does it on the machine. */
async function forceLastControlMember(control: ReplicaSet): Promise<void> {
  const client = new MongoClient(control.memberUri('control-eu', 'root'));
  try {
    const admin = client.db('admin');
    const { config } = await admin.command({ replSetGetConfig: 1 });
    const { host } = control.member('control-eu');
    const members = z.array(z.looseObject({ host: z.string() })).parse(config.members);
    const last = members.filter((member) => member.host === host);
    await admin.command({ replSetReconfig: { ...config, members: last, version: config.version + 1 }, force: true });
  } finally {
    await client.close();
  }
}
