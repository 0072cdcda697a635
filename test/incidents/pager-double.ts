import { DrError } from '#core';
import type { Notice, Notifier, NotifierKind, Pager, PagerCall, PagerIncident } from '#ports';

interface Kept {
  state: PagerIncident['state'];
  readonly opened: Date;
  changedAt: Date;
  acknowledgedBy: { user: string; at: Date }[];
  readonly called: Set<string>;
}

/** Who was called by name, when, under which key. */
export interface PagerRing {
  readonly key: string;
  readonly user: string;
  readonly at: Date;
}

/**
 * A pager with the rules of the real one: an open key takes another trigger as a log line, an acknowledged one calls nobody, a
 * resolved one is opened anew by a trigger, and what it does not know it can't acknowledge or resolve. It also keeps what it
 * was asked, for tests.
 */
export function pagerDouble(now: () => Date) {
  const kept = new Map<string, Kept>();
  const triggers: { readonly call: PagerCall; readonly at: Date }[] = [];
  const rings: PagerRing[] = [];
  const asked: { readonly key: string; readonly users: readonly string[]; readonly at: Date }[] = [];
  let fault: 'none' | 'silent' | 'refuses' | 'knows-nobody' = 'none';
  let failing: () => boolean = () => false;
  const answer = (): void => {
    if (fault === 'refuses') throw new DrError('PAGER_REFUSED', 'permanent', 'PagerDuty refuses the key (400).');
    if (fault === 'silent' || failing()) {
      throw new DrError('PAGER_UNAVAILABLE', 'transient', 'PagerDuty does not answer (503).');
    }
  };
  const open = (key: string): Kept | undefined => {
    const found = kept.get(key);
    return found?.state === 'resolved' ? undefined : found;
  };
  const pager: Pager = {
    trigger: async (call) => {
      answer();
      triggers.push({ call, at: now() });
      if (open(call.key)) return;
      kept.set(call.key, {
        state: 'triggered',
        opened: now(),
        changedAt: now(),
        acknowledgedBy: [],
        called: new Set(),
      });
    },
    acknowledge: async (key) => {
      answer();
      const found = open(key);
      if (found) Object.assign(found, { state: 'acknowledged', changedAt: now() });
    },
    resolve: async (key) => {
      answer();
      const found = open(key);
      if (found) Object.assign(found, { state: 'resolved', changedAt: now() });
    },
    callAlso: async (key, users) => {
      answer();
      const found = open(key);
      if (!found || fault === 'knows-nobody') return false;
      asked.push({ key, users, at: now() });
      for (const user of users) {
        if (!found.called.has(user)) rings.push({ key, user, at: now() });
        found.called.add(user);
      }
      return true;
    },
    incidents: async (keys) => {
      answer();
      return keys.flatMap((key) => {
        const found = kept.get(key);
        if (!found) return [];
        const { state, acknowledgedBy, changedAt } = found;
        return [{ key, id: `P-${key}`, state, acknowledgedBy: [...acknowledgedBy], url: undefined, changedAt }];
      });
    },
    check: async () => ({ events: fault === 'none', rest: fault === 'none' }),
  };
  return {
    pager,
    triggers,
    rings,
    /** Who was to be called by name, also where they had been called already. */
    asked,
    state: (key: string) => kept.get(key)?.state,
    keys: () => [...kept.keys()],
    openKeys: () => [...kept].filter(([, { state }]) => state !== 'resolved').map(([key]) => key),
    set: (what: typeof fault) => {
      fault = what;
    },
    failWhen: (check: () => boolean) => {
      failing = check;
    },
    /** A person does it there. */
    acknowledgeAs: (key: string, user: string) => {
      const found = open(key);
      if (!found) throw new Error(`${key} is not open`);
      found.acknowledgedBy.push({ user, at: now() });
      Object.assign(found, { state: 'acknowledged', changedAt: now() });
    },
    /** The acknowledgement's time is over there. */
    ranOut: (key: string) => {
      const found = open(key);
      if (found) Object.assign(found, { state: 'triggered', changedAt: now() });
    },
    resolveThere: (key: string) => {
      const found = open(key);
      if (!found) throw new Error(`${key} is not open`);
      Object.assign(found, { state: 'resolved', changedAt: now() });
    },
  };
}
export type PagerDouble = ReturnType<typeof pagerDouble>;

/** A gateway that keeps what it delivered, once for each id. */
export function gatewayDouble(kind: NotifierKind) {
  const delivered = new Map<string, Notice>();
  let failing: () => boolean = () => false;
  const notifier: Notifier = {
    kind,
    send: async (notice) => {
      if (failing()) throw new DrError('NOTIFIER_UNAVAILABLE', 'transient', `The ${kind} gateway does not answer.`);
      if (!delivered.has(notice.id)) delivered.set(notice.id, notice);
    },
  };
  return {
    notifier,
    delivered,
    failWhen: (check: () => boolean) => {
      failing = check;
    },
  };
}
