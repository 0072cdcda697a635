import { HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type Company, REGIONS } from '#sandbox/company';
import { COLLECTIONS } from '#sandbox/eld';
import { s3For } from '#sandbox/servers';
import type { Found } from './claims.ts';
import { ALEX } from './desk.ts';
import { fingerprints } from './live-data.ts';
import { type ReadBackup, readBackupInTheWest } from './read-vault.ts';
import type { BackedUp, Teller } from './teller.ts';

export const BACK_UP_CLAIMS = 3;

/** A full backup, read back from another region and compared with the database as it was at that moment. */
export async function backUp({ company, desk, story, client }: Teller): Promise<BackedUp> {
  story.chapter('1 BACK UP');
  story.tell('/dr backup mongodb                 by Alex Chen');
  const card = await desk.ask(ALEX, '/dr backup mongodb');
  const text = await desk.until(card, /^DONE/, 90_000);
  story.tell(text);
  const backup = /B-\d{4}-\d{4}[a-z]*/.exec(text)?.[0];
  if (backup === undefined) throw new Error(`No backup is named in: ${text}`);
  await story.claim('in the bucket of each region, locked', () => inAllBuckets(company));
  let read: ReadBackup | undefined;
  await story.claim('every segment read back and decrypted from us-west-2', async () => {
    read = await readBackupInTheWest(company, backup);
    return {
      holds: read.segments > 0,
      found: `${read.segments} segments, ${read.bytes.toLocaleString('en-US')} bytes`,
    };
  });
  await story.claim('counts and hashes equal the live ones at that moment', async () => {
    if (read === undefined) throw new Error('the backup could not be read');
    const end = read.end;
    // The server reads no capped collection as of a past moment; nothing writes into that one.
    return equalToLive(read, (name) => fingerprints(client, name, CAPPED.has(name) ? undefined : end));
  });
  return { backup, driverLogs: read?.collections.get('driver_logs') ?? new Map() };
}

const CAPPED = new Set(COLLECTIONS.flatMap(({ name, options }) => (options?.capped ? [name] : [])));

async function inAllBuckets({ aws }: Company): Promise<Found> {
  const seen = await Promise.all(
    REGIONS.map(async (region) => {
      const s3 = s3For(region, aws.gateways[region].endpoint);
      const Bucket = aws.world.buckets[region];
      try {
        const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'segments/' }));
        const heads = await Promise.all(
          Contents.slice(0, 50).map(({ Key }) => s3.send(new HeadObjectCommand({ Bucket, Key }))),
        );
        return {
          objects: Contents.length,
          open: heads.filter(({ ObjectLockMode }) => ObjectLockMode === undefined).length,
        };
      } finally {
        s3.destroy();
      }
    }),
  );
  const [first] = seen;
  const holds = seen.every(({ objects, open }) => objects > 0 && objects === first?.objects && open === 0);
  return {
    holds,
    found: seen.map(({ objects, open }, n) => `${REGIONS[n]} ${objects} segments, ${open} unlocked`).join('; '),
  };
}

/** Every collection of the company but those whose documents were changed meanwhile, as the heartbeats are. */
async function equalToLive(
  read: ReadBackup,
  live: (name: string) => Promise<ReadonlyMap<string, string>>,
): Promise<Found> {
  const different: string[] = [];
  const still = COLLECTIONS.filter(({ name }) => !read.changing.has(name));
  let documents = 0;
  for (const { name } of still) {
    const saved = read.collections.get(name);
    const now = await live(name);
    const equal = saved?.size === now.size && [...now].every(([id, hash]) => saved.get(id) === hash);
    documents += now.size;
    if (!equal) different.push(`${name} has ${saved?.size ?? 'none'}, live ${now.size}`);
  }
  const found = `${still.length} of ${COLLECTIONS.length} collections, ${documents.toLocaleString('en-US')} documents`;
  return different.length === 0 ? { holds: true, found } : { holds: false, found: different.join('; ') };
}
