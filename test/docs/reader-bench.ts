import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { kmsKeyService } from '#adapters/kms';
import { s3ObjectStore } from '#adapters/s3';
import { documentsOf, Region, systemClock, systemRandom } from '#core';
import { createAwsWorld, runtimePaths, SANDBOX_CREDENTIALS } from '#sandbox/servers';
import { openVault } from '#vault';
import { ownName, sharedAwsEndpoint } from '../support/servers.ts';

const READER = join(import.meta.dirname, '../../docs/vault-reader.py');
const HOME = Region.parse('us-east-1');
/** The region that is left when the first one is lost. */
export const SECOND = Region.parse('us-west-2');

export interface ReaderEnd {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A vault of two regions in the S3 and KMS stand-in, and the reader beside it, which reaches only the second. */
export async function openReaderBench() {
  const endpoint = await sharedAwsEndpoint();
  const credentials = SANDBOX_CREDENTIALS;
  const world = await createAwsWorld({ endpoint, prefix: ownName('reader'), zone: 'reader.example' });
  const at = (region: Region) => (region === HOME ? 'us-east-1' : 'us-west-2');
  const bucket = world.buckets[at(SECOND)];
  const regions = [HOME, SECOND];
  const vault = openVault({
    stores: regions.map((region) =>
      s3ObjectStore({ region, endpoint, credentials, bucket: world.buckets[at(region)] }),
    ),
    keys: regions.map((region) => kmsKeyService({ region, endpoint, credentials, keyId: world.kmsKeys[at(region)] })),
    clock: systemClock,
    random: systemRandom,
  });
  const dir = await mkdtemp(join(tmpdir(), 'holdfast-reader-'));
  const gate = await openGate(endpoint);
  let outputs = 0;
  const read = (...args: string[]): Promise<ReaderEnd> =>
    run(['--bucket', bucket, '--region', SECOND, '--endpoint', gate.endpoint, ...args]);
  return {
    vault,
    bucket,
    endpoint,
    gate,
    read,
    /** Restores into a folder of its own. */
    async restore(place: string, ...args: string[]): Promise<ReaderEnd & { readonly folder: string }> {
      outputs += 1;
      const folder = join(dir, `out-${outputs}`);
      return { ...(await read('restore', place, folder, ...args)), folder };
    },
    async close() {
      await gate.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function run(args: readonly string[]): Promise<ReaderEnd> {
  const { python, motoPath } = runtimePaths();
  const env = {
    ...process.env,
    PYTHONPATH: motoPath,
    AWS_ACCESS_KEY_ID: SANDBOX_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: SANDBOX_CREDENTIALS.secretAccessKey,
  };
  return new Promise((resolve) => {
    execFile(python, ['-s', READER, ...args], { env, timeout: 60_000 }, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    );
  });
}

/** The way from the reader to the stand-in: shut for every region but the second, and it can spoil an object. */
async function openGate(endpoint: string) {
  const refused: string[] = [];
  const spoiled = new Set<string>();
  const server = createServer((incoming, response) => {
    const scope = incoming.headers.authorization ?? '';
    if (!scope.includes(`/${SECOND}/`)) {
      refused.push(scope);
      response.writeHead(503).end();
      return;
    }
    const isSpoiled = [...spoiled].some((key) => incoming.url?.includes(key));
    forward(endpoint, incoming, response, isSpoiled).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    refused,
    spoiled,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

async function forward(
  endpoint: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  isSpoiled: boolean,
): Promise<void> {
  const { method, headers, url } = incoming;
  const outgoing = request(`${endpoint}${url}`, { method: method ?? 'GET', headers });
  outgoing.end(await buffer(incoming));
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject);
  });
  const body = await buffer(answer);
  const last = body.length - 1;
  if (isSpoiled && last >= 0) body[last] = (body[last] ?? 0) ^ 1;
  // the SDK's own checksum would notice before the reader does: it is the reader that is tested
  const kept = Object.entries(answer.headers).filter(([name]) => !isSpoiled || !name.startsWith('x-amz-checksum'));
  response.writeHead(answer.statusCode ?? 500, Object.fromEntries(kept)).end(body);
}

/** The documents of a restored collection as hex, in their order. */
export async function writtenDocuments(folder: string, database: string, name: string): Promise<string[]> {
  const file = await readFile(join(folder, database, `${name}.bson`));
  return [...documentsOf(file)].map((document) => document.toString('hex'));
}

/** What the reader wrote of a collection beside its documents. */
export const writtenMetadata = (folder: string, database: string, name: string): Promise<string> =>
  readFile(join(folder, database, `${name}.metadata.json`), 'utf8');

/** The files of a restored database. */
export const writtenFiles = async (folder: string, database: string): Promise<string[]> =>
  (await readdir(join(folder, database))).sort();
