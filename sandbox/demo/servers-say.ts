import { MongoClient } from 'mongodb';
import { fetch } from 'undici';
import { z } from 'zod';
import { type Company, companyWorld } from '#sandbox/company';
import type { World } from '#sandbox/page';
import { until } from '#sandbox/servers';
import type { Found } from './claims.ts';

/** Each member asked on its own connection whether it would take writes; a dead one says nothing. */
export async function writableMembers({ databases: { eld } }: Company): Promise<string[]> {
  const answers = await Promise.all(
    eld.members.map(async ({ name }) => {
      const client = new MongoClient(eld.memberUri(name, 'root'), { serverSelectionTimeoutMS: 1500 });
      try {
        const hello = await client.db('admin').command({ hello: 1 });
        return hello['isWritablePrimary'] === true ? [name] : [];
      } catch {
        return [];
      } finally {
        await client.close();
      }
    }),
  );
  return answers.flat();
}

/** Asked of every member: exactly one takes writes, and it is this one. Given some seconds, as an election needs. */
export async function onlyPrimaryIs(company: Company, wanted: string): Promise<Found> {
  let seen: string[] = [];
  await until(
    'one primary',
    async () => {
      seen = await writableMembers(company);
      return seen.length === 1 && seen[0] === wanted;
    },
    { withinMs: 10_000, everyMs: 300 },
  ).catch(() => undefined);
  const holds = seen.length === 1 && seen[0] === wanted;
  return { holds, found: seen.length === 0 ? 'none' : seen.join(' and ') };
}

/** A write of our own that a majority has, read back by majority. */
export async function majorityWriteWorks({ databases: { eld } }: Company): Promise<Found> {
  const client = new MongoClient(eld.uri('root'), { serverSelectionTimeoutMS: 5000, socketTimeoutMS: 10_000 });
  try {
    const notes = client.db('demo').collection<{ _id: string; at: Date }>('notes', {
      writeConcern: { w: 'majority' },
      readConcern: { level: 'majority' },
    });
    const _id = `note-${Date.now()}`;
    await notes.insertOne({ _id, at: new Date() });
    const back = await notes.findOne({ _id });
    return { holds: back !== null, found: back === null ? 'it is not there' : 'written and read back' };
  } finally {
    await client.close();
  }
}

const Audit = z.object({ checked: z.number(), missing: z.number(), changed: z.number() });

/** What drivers hold an acknowledgement for since then, read back from mongod by majority. */
export async function lostSince({ eld }: Company, sinceMs: number): Promise<z.output<typeof Audit>> {
  const answer = await fetch(`${eld.drivers.url}/audit?since=${sinceMs}`, { signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`the drivers' audit says ${answer.status}: ${await answer.text()}`);
  return Audit.parse(await answer.json());
}

/** Every write the drivers hold an acknowledgement for since then is there, as it was written. */
export async function nothingLostSince(company: Company, sinceMs: number): Promise<Found> {
  const { checked, missing, changed } = await lostSince(company, sinceMs);
  const count = checked.toLocaleString('en-US');
  return {
    holds: checked > 0 && missing === 0 && changed === 0,
    found: `${count} acknowledged, ${(checked - missing).toLocaleString('en-US')} present, ${missing} lost, ${changed} changed`,
  };
}

const Acknowledged = z.object({
  at: z.union([z.number(), z.iso.datetime().transform((at) => Date.parse(at))]),
  region: z.string(),
});

/** When drivers were told of writes in a region since then, oldest first. */
export async function acknowledgedIn({ eld }: Company, region: string, sinceMs: number): Promise<number[]> {
  const answer = await fetch(`${eld.drivers.acknowledgedWritesUrl}?since=${sinceMs}`);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '');
  const all = lines.map((line) => Acknowledged.parse(JSON.parse(line)));
  return all.flatMap((each) => (each.region === region ? [each.at] : []));
}

/** The world as the servers tell it, once it fits or when its time is over. */
export async function worldWhen(company: Company, fits: (world: World) => boolean, withinMs: number): Promise<World> {
  const reader = companyWorld(company);
  try {
    let world = await reader.readWorld();
    await until(
      'the world fits',
      async () => {
        world = await reader.readWorld();
        return fits(world);
      },
      { withinMs, everyMs: 300 },
    ).catch(() => undefined);
    return world;
  } finally {
    await reader.stop();
  }
}
