import type { Collection } from 'mongodb';
import type { RandomBytes } from '#core';
import type { Lease, Leases } from '#ports';
import type { Retry } from './retry.ts';

interface LeaseDocument {
  _id: string;
  holder: string;
  token: number;
  expiresAt: Date;
  /** Marks the acquisition, so that a repeated try recognises its own success. */
  mark: string;
}

interface Parts {
  readonly collection: Collection<LeaseDocument>;
  readonly retry: Retry;
  readonly random: RandomBytes;
}

/** Leases in which only the store's own clock (`$$NOW`) is ever compared. */
export function mongoLeases({ collection, retry, random }: Parts): Leases {
  return {
    acquire: async (name, holder, ttlMs) => {
      const mark = random(9).toString('base64url');
      const after = await retry(() =>
        collection.findOneAndUpdate({ _id: name }, takeIfFree(holder, ttlMs, mark), {
          upsert: true,
          returnDocument: 'after',
        }),
      );
      return after?.mark === mark ? lease(after) : undefined;
    },
    renew: async (held, ttlMs) => {
      // An expired lease is lost even if nobody took it: somebody may already have read it as a fence.
      const mine = { _id: held.name, holder: held.holder, token: held.token, $expr: { $gt: ['$expiresAt', '$$NOW'] } };
      const extended = [{ $set: { expiresAt: { $max: ['$expiresAt', { $add: ['$$NOW', ttlMs] }] } } }];
      const after = await retry(() => collection.findOneAndUpdate(mine, extended, { returnDocument: 'after' }));
      return after ? lease(after) : undefined;
    },
    release: async (held) => {
      const mine = { _id: held.name, holder: held.holder, token: held.token, $expr: { $gt: ['$expiresAt', '$$NOW'] } };
      await retry(() => collection.updateOne(mine, [{ $set: { expiresAt: '$$NOW' } }]));
    },
    read: async (name) => {
      const document = await retry(() => collection.findOne({ _id: name }));
      return document ? lease(document) : undefined;
    },
  };
}

/** One update for all cases: takes a missing or expired lease with the next token, leaves a held one as it is. */
function takeIfFree(holder: string, ttlMs: number, mark: string) {
  const free = { $lte: [{ $ifNull: ['$expiresAt', new Date(0)] }, '$$NOW'] };
  const ifFree = (taken: unknown, kept: string) => ({ $cond: [free, taken, kept] });
  return [
    {
      $set: {
        holder: ifFree({ $literal: holder }, '$holder'),
        token: ifFree({ $add: [{ $ifNull: ['$token', 0] }, 1] }, '$token'),
        mark: ifFree({ $literal: mark }, '$mark'),
        expiresAt: ifFree({ $add: ['$$NOW', ttlMs] }, '$expiresAt'),
      },
    },
  ];
}

const lease = (document: LeaseDocument): Lease => ({
  name: document._id,
  holder: document.holder,
  token: document.token,
  expiresAt: document.expiresAt,
});
