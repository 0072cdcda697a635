import { type Clock, DrError, type Region, within } from '#core';
import type { KeyService, ObjectStore } from '#ports';
import { KEYS } from './object-keys.ts';
import { proveKeyService } from './prove-key-service.ts';
import { openVault, type Vault } from './vault.ts';

/** A region that is alive answers such a question in a fraction of this, in ms. */
const ANSWERS_WITHIN_MS = 2_000;
/** Which regions answer is not asked again for so long: a step in a disaster asks for many things, in ms. */
const HOLDS_FOR_MS = 10_000;
/** One call to a region that answered before; a segment has 8 MB, in ms. */
const CALL_WITHIN_MS = 10_000;

/**
 * The vault without the regions that are dead or cut off: asked once, all at the same time, and every later call ends within
 * seconds. What is kept in a disaster must not wait for the region that is lost, once for each object. One region is enough.
 * Throws OBJECT_STORE_UNAVAILABLE or SERVICE_UNAVAILABLE (transient) when no bucket, or no key service, answers.
 */
export function reachableVault(vault: Vault): Promise<Vault> {
  const now = vault.clock.monotonicMs();
  const known = asked.get(vault);
  if (known && now - known.at < HOLDS_FOR_MS) return known.answer;
  const answer = askWhoAnswers(vault);
  asked.set(vault, { at: now, answer });
  // nobody answered: that is asked again at once
  answer.catch(() => asked.delete(vault));
  return answer;
}

const asked = new WeakMap<Vault, { readonly at: number; readonly answer: Promise<Vault> }>();

async function askWhoAnswers(vault: Vault): Promise<Vault> {
  const { clock, random } = vault;
  const [stores, keys] = await Promise.all([
    answering(vault.stores, (store) => store.head(`${KEYS}nothing`), clock),
    answering(vault.keys, (service) => proveKeyService(service, random), clock),
  ]);
  const [home, ...others] = stores.map((store) => boundedStore(store, clock));
  if (!home) throw silent('OBJECT_STORE_UNAVAILABLE', 'No bucket of the vault answers.');
  if (keys.length === 0) throw silent('SERVICE_UNAVAILABLE', 'No key service of the vault answers.');
  const all = { ...vault, keys: keys.map((service) => boundedKeys(service, clock)) };
  return others.length > 0 ? openVault({ ...all, stores: [home, ...others] }) : { ...all, stores: [home] };
}

async function answering<P extends { readonly region: Region }>(
  parts: readonly P[],
  ask: (part: P) => Promise<unknown>,
  clock: Clock,
): Promise<P[]> {
  const asked = await Promise.allSettled(
    parts.map((part) => within(ask(part), { clock, ms: ANSWERS_WITHIN_MS, late: late(part.region) })),
  );
  return parts.filter((_, index) => asked[index]?.status === 'fulfilled');
}

function boundedStore(store: ObjectStore, clock: Clock): ObjectStore {
  const soon = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return (...args: A): Promise<R> => within(call(...args), { clock, ms: CALL_WITHIN_MS, late: late(store.region) });
  };
  const { put, get, head, folders } = store;
  return {
    ...store,
    put: soon(put),
    get: soon(get),
    head: soon(head),
    folders: soon(folders),
    async *list(prefix) {
      const objects = store.list(prefix)[Symbol.asyncIterator]();
      for (;;) {
        const next = await soon(() => objects.next())();
        if (next.done) return;
        yield next.value;
      }
    },
  };
}

function boundedKeys(service: KeyService, clock: Clock): KeyService {
  const { region, wrap, unwrap } = service;
  const soon = <R>(answer: Promise<R>): Promise<R> => within(answer, { clock, ms: CALL_WITHIN_MS, late: late(region) });
  return { ...service, wrap: (...args) => soon(wrap(...args)), unwrap: (...args) => soon(unwrap(...args)) };
}

const late = (region: Region) => (): DrError =>
  silent('OBJECT_STORE_UNAVAILABLE', `${region} does not answer in time.`);

const silent = (code: 'OBJECT_STORE_UNAVAILABLE' | 'SERVICE_UNAVAILABLE', message: string): DrError =>
  new DrError(code, 'transient', message, { hint: 'It is tried again. Look: /dr status' });
