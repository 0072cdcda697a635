import { z } from 'zod';
import { asDrError, DrError, type Region } from '#core';
import {
  inParallel,
  type KeyLack,
  type KeyList,
  type KeyListing,
  type KeyStanding,
  KeyUse,
  listKeys,
  newestGeneration,
  openKey,
  proveKeyService,
  standingOf,
  type Vault,
} from '#vault';
import {
  type KeyShort,
  type KeyTrouble,
  Shorts,
  shortOf,
  shortsOf,
  Troubles,
  throwIfNobodyAnswers,
  troubleOf,
  troublesOf,
} from './findings.ts';

/** Which data keys are wrapped anew: every one, or those whose wraps are older than so many days or not whole. */
export const WhichKeys = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('due'), days: z.number().positive() }),
]);
export type WhichKeys = z.output<typeof WhichKeys>;

/** A key, and the number its new generation gets. Journaled before it is written: a killed run goes on with it. */
export const ChosenKey = z.object({ use: KeyUse, generation: z.number().int().positive() });
export type ChosenKey = z.output<typeof ChosenKey>;

export const ChosenKeys = z.object({
  keys: z.array(ChosenKey),
  /** Proved, young and whole: left as they are. */
  kept: z.number().int(),
  /** Not whole, for want of a region that still does not answer: left for a later run. */
  waiting: Shorts,
  trouble: Troubles,
});
export type ChosenKeys = z.output<typeof ChosenKeys>;

const AT_ONCE = 4;
const DAY_MS = 86_400_000;

/**
 * Chooses the keys to wrap anew. For those that are due, the newest generation is proved first, every wrap by its own
 * region: what a file says of itself could keep a key from ever being rotated. Throws BACKUP_UNKNOWN (user) when there
 * is no key yet, and transient errors while no region answers; a single key's trouble is a result.
 */
export async function chooseKeys(
  vault: Vault,
  which: WhichKeys,
  signal: AbortSignal,
  onLooked: (looked: number, all: number) => void = () => undefined,
): Promise<ChosenKeys> {
  const list = await listKeys(vault);
  const trouble = list.unreadable.map(({ place, problem }) => troubleOf({ kind: 'backup', ...place }, problem));
  if (list.keys.length + trouble.length === 0) throw noKeys(list);
  if (which.kind === 'all') {
    const keys = list.keys.map((listing) => ({ use: listing.use, generation: newestGeneration(listing) + 1 }));
    return { keys, kept: 0, waiting: shortsOf([]), trouble: troublesOf(trouble) };
  }
  const services = await tryServices(vault);
  let looked = 0;
  const verdicts = await inParallel(list.keys, AT_ONCE, async (listing) => {
    signal.throwIfAborted();
    const verdict = await judgeKey(vault, listing, which.days, services);
    looked += 1;
    onLooked(looked, list.keys.length);
    return verdict;
  });
  throwIfNobodyAnswers(verdicts.map((one) => one.trouble));
  const all = <T>(pick: (verdict: Verdict) => T | undefined): T[] => verdicts.flatMap((one) => pick(one) ?? []);
  return {
    keys: all(({ chosen }) => chosen),
    kept: verdicts.filter(({ kept }) => kept).length,
    waiting: shortsOf(all(({ waiting }) => waiting)),
    trouble: troublesOf([...trouble, ...all((one) => one.trouble)]),
  };
}

interface Verdict {
  readonly chosen?: ChosenKey;
  readonly kept?: true;
  readonly waiting?: KeyShort;
  readonly trouble?: KeyTrouble;
}

async function judgeKey(vault: Vault, listing: KeyListing, days: number, services: Services): Promise<Verdict> {
  const { use } = listing;
  let standing: KeyStanding | undefined;
  try {
    standing = await newestTrue(vault, listing);
  } catch (thrown) {
    return { trouble: troubleOf(use, thrown) };
  }
  const next = { use, generation: newestGeneration(listing) + 1 };
  if (!standing || isOld(standing, days, vault.clock.now())) return { chosen: next };
  const mendable = standing.lacks.filter((lack) => isMendable(lack, services));
  // Nothing but copies is missing: the same generation is spread, and no other one made.
  if (mendable.length > 0)
    return { chosen: mendable.every(isAbsentCopy) ? { ...next, generation: standing.generation } : next };
  const [waiting] = shortOf(
    use,
    standing.lacks.map((lack) => (lack.what === 'wrap' ? (services.get(lack.region) ?? lack) : lack)),
  );
  return waiting ? { waiting } : { kept: true };
}

/** The newest generation that gives the right key; undefined when none is as a whole what it should be. */
async function newestTrue(vault: Vault, listing: KeyListing): Promise<KeyStanding | undefined> {
  const numbers = [...new Set([...listing.generations.values()].flat())].sort((a, b) => b - a);
  const opened = await openKey(vault, listing.use);
  try {
    for (const number of numbers) {
      const standing = await standingOf(vault, opened, number);
      if (standing.object) return standing;
    }
    return undefined;
  } finally {
    opened.close();
  }
}

/** Wraps that say no time are as old as the vault; a time that is yet to come is not believed. */
function isOld({ madeAt }: KeyStanding, days: number, now: Date): boolean {
  if (!madeAt) return true;
  const ageMs = now.getTime() - madeAt.getTime();
  return ageMs >= days * DAY_MS || ageMs < -DAY_MS;
}

/** A region that still does not answer gains nothing from another generation, which would be one more every day. */
function isMendable({ what, kind, region }: KeyLack, services: Services): boolean {
  if (what === 'wrap') return !services.has(region);
  return kind === 'absent' || kind === 'foreign';
}

const isAbsentCopy = ({ what, kind }: KeyLack): boolean => what === 'copy' && kind === 'absent';

/** The key services that can not wrap now, and why. */
type Services = ReadonlyMap<Region, KeyLack>;

async function tryServices(vault: Vault): Promise<Services> {
  const tried = await Promise.all(
    vault.keys.map(async (service): Promise<KeyLack[]> => {
      const { region } = service;
      try {
        await proveKeyService(service, vault.random);
        return [];
      } catch (thrown) {
        const { message: problem, kind } = asDrError(thrown);
        return [{ region, what: 'wrap', problem, kind: kind === 'transient' ? 'silent' : 'refused' }];
      }
    }),
  );
  return new Map(tried.flat().map((lack) => [lack.region, lack]));
}

function noKeys({ unreachable }: KeyList): DrError {
  return unreachable.length > 0
    ? new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'No backup in the regions that answer.')
    : new DrError('BACKUP_UNKNOWN', 'user', 'There is no backup yet, so there is no key. Nothing was changed.', {
        hint: 'Take one: /dr backup mongodb',
      });
}
