import type { Collection } from 'mongodb';
import { DrError, type Region, RequestId } from '#core';
import type { RegionLease, RegionLeases } from '#ports';
import type { Retry } from './retry.ts';

interface RegionLeaseDocument {
  _id: Region;
  state: 'open' | 'closed';
  fence: number;
  renewals: number;
  ttlMs: number;
  instances: string[];
  run?: string;
  /** The run's number, which grows: of two runs the later one's word counts. */
  number: number;
}

interface Parts {
  readonly collection: Collection<RegionLeaseDocument>;
  readonly retry: Retry;
  /** How long a renewal is good for, as this process has it. */
  readonly ttlMs: number;
}

/** As many as a person reads. */
const MOST_INSTANCES = 8;

/**
 * Region leases on MongoDB: one document a region, changed by one conditional update each, acknowledged by a majority. A
 * primary that was cut off may still take a renewal, but no majority confirms it, so it is never granted.
 */
export function mongoRegionLeases({ collection, retry, ttlMs }: Parts): RegionLeases {
  const change = (filter: object, set: object, upsert: boolean) =>
    retry(() => collection.findOneAndUpdate(filter, [{ $set: set }], { upsert, returnDocument: 'after' }));
  return {
    read: async (region) => {
      const found = await retry(() => collection.findOne({ _id: region }));
      return found ? lease(found) : undefined;
    },
    renew: async (region, instance) => {
      const renewed = await change({ _id: region, state: 'open' }, renewal(instance), false);
      if (!renewed) return { granted: false };
      // never for longer than was said when it was opened: whoever fences counts with that
      return { granted: true, ttlMs: Math.min(ttlMs, renewed.ttlMs), fence: renewed.fence };
    },
    close: async (region, run, ifRenewals) => {
      const unchanged = ifRenewals === undefined ? {} : { renewals: ifRenewals };
      const closed = await change({ _id: region, ...unchanged }, closing(run, ttlMs), ifRenewals === undefined);
      return closed ? lease(closed) : undefined;
    },
    open: async (region, run) => {
      const after = await change({ _id: region }, opening(run, ttlMs), true);
      if (!after) throw new DrError('UNEXPECTED', 'bug', `The lease of ${region} was not written.`);
      if (run && after.state === 'closed') throw closedByALaterRun(lease(after), run);
      return lease(after);
    },
  };
}

export const closedByALaterRun = ({ region, run }: Pick<RegionLease, 'region' | 'run'>, late: RequestId): DrError =>
  new DrError('WRONG_STATE', 'permanent', `${late} can't open ${region}: ${run} has closed it since.`, {
    hint: `See what ${run} did: /dr show ${run}. Then ask anew.`,
    data: { region, run, late },
  });

const numberOf = (run: RequestId | undefined): number => (run === undefined ? 0 : Number(run.slice(2)));
const or = (field: string, otherwise: unknown) => ({ $ifNull: [field, otherwise] });
const when = (condition: unknown, so: unknown, otherwise: unknown) => ({ $cond: [condition, so, otherwise] });

const renewal = (instance: string) => {
  const name = { $literal: instance };
  const others = { $filter: { input: '$instances', cond: { $ne: ['$$this', name] } } };
  return {
    renewals: { $add: ['$renewals', 1] },
    instances: { $slice: [{ $concatArrays: [[name], others] }, MOST_INSTANCES] },
  };
};

/** The run that is noted is never an earlier one than the one noted before. */
const noted = (run: RequestId) => {
  const isLater = { $gte: [numberOf(run), or('$number', 0)] };
  return { run: when(isLater, run, '$run'), number: when(isLater, numberOf(run), '$number') };
};

const closing = (run: RequestId, ttlMs: number) => ({
  state: 'closed',
  fence: { $add: [or('$fence', 0), when({ $ne: ['$state', 'closed'] }, 1, 0)] },
  renewals: or('$renewals', 0),
  ttlMs: or('$ttlMs', ttlMs),
  instances: or('$instances', []),
  ...noted(run),
});

function opening(run: RequestId | undefined, ttlMs: number) {
  const isNew = { $eq: [{ $type: '$state' }, 'missing'] };
  const may = run ? { $gte: [numberOf(run), or('$number', 0)] } : isNew;
  const opens = { $and: [may, { $ne: ['$state', 'open'] }] };
  // A run that opens what it closed itself puts back what was: who renewed, and for how long that may still be good.
  const putsBack = run ? { $eq: ['$run', run] } : false;
  return {
    state: when(may, 'open', '$state'),
    fence: { $add: [or('$fence', 0), when(opens, 1, 0)] },
    renewals: or('$renewals', 0),
    ttlMs: when(opens, { $max: [ttlMs, when(putsBack, '$ttlMs', 0)] }, '$ttlMs'),
    instances: when({ $and: [opens, { $not: [putsBack] }] }, [], or('$instances', [])),
    run: run ? when(may, run, '$run') : '$run',
    number: run ? when(may, numberOf(run), '$number') : or('$number', 0),
  };
}

const lease = ({ _id, state, fence, renewals, ttlMs, instances, run }: RegionLeaseDocument): RegionLease => ({
  region: _id,
  state,
  fence,
  renewals,
  ttlMs,
  instances,
  run: run === undefined ? undefined : RequestId.parse(run),
});
