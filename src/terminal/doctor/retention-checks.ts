import { asDrError } from '#core';
import type { ObjectStore } from '#ports';
import { type Check, wrong } from './check.ts';

/** Nothing is ever there: what may be done to it is refused for a missing right, or not found. */
const NOWHERE = 'doctor-nothing';
const NO_VERSION = 'null';

/** What an attempt is for, and the attempt. Each is at something that is not there, so that it can change nothing. */
type Attempt = readonly [right: string, attempt: (store: ObjectStore) => Promise<unknown>];

const VERIFICATION: readonly Attempt[] = [
  ['s3:GetObject on segments/', (store) => store.get(`segments/${NOWHERE}`)],
  ['s3:GetObject on archive/', (store) => store.get(`archive/${NOWHERE}`)],
  ['s3:ListBucketVersions', (store) => firstOf(store.listVersions('capture/0000/'))],
  ['s3:RestoreObject on segments/', (store) => store.thaw(`segments/${NOWHERE}`, undefined, 1)],
];

const RETENTION: readonly Attempt[] = [
  ['s3:ListBucketVersions', (store) => firstOf(store.listVersions('retention/'))],
  ['s3:ListBucketMultipartUploads', (store) => firstOf(store.listUploads('segments/'))],
  ['s3:PutObjectLegalHold on manifests/', (store) => store.setLegalHold(`manifests/${NOWHERE}`, NO_VERSION, 'off')],
  [
    's3:PutObjectVersionTagging on segments/',
    (store) => store.wantClass(`segments/${NOWHERE}`, NO_VERSION, 'GLACIER_IR'),
  ],
];

/**
 * In each region, whether the daily rounds may do what they do there: read back, fetch and heal; list, hold and move
 * colder. Deleting is not tried, not even of nothing: what may delete is used by people, with its own preview.
 */
export const retentionChecks = (stores: readonly ObjectStore[]): Check[] =>
  stores.flatMap((store) => [
    check(`verify ${store.region}`, store, VERIFICATION, 'docs/iam/worker.json'),
    check(`retention ${store.region}`, store, RETENTION, 'docs/iam/prune.json, beside docs/iam/worker.json,'),
  ]);

const check = (name: string, store: ObjectStore, attempts: readonly Attempt[], policy: string): Check => ({
  name,
  fix: `Give ${policy} to whoever runs workers; and the region must answer.`,
  look: async () => {
    const tried = await Promise.all(attempts.map(([right, attempt]) => missing(right, () => attempt(store))));
    const lacks = [...new Set(tried.filter((right) => right !== undefined))];
    if (lacks.length > 0) throw wrong(`Missing: ${lacks.join(', ')}.`);
    return `${attempts.length} attempts at nothing, none refused`;
  },
});

/** The right, if the attempt was refused; undefined when it went through as far as there was nothing there. */
async function missing(right: string, attempt: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (thrown) {
    const error = asDrError(thrown);
    if (error.code === 'NOT_FOUND') return undefined;
    if (error.code === 'OBJECT_STORE_REFUSED') return right;
    throw error;
  }
}

async function firstOf<T>(list: AsyncIterable<T>): Promise<T | undefined> {
  for await (const each of list) return each;
  return undefined;
}
