import { type Clock, DrError } from '#core';
import type { Pager, PagerCall, PagerIncident } from '#ports';
import type { Failure } from './chat.ts';

/** Somebody's telephone rang. */
export interface Ring {
  readonly at: Date;
  readonly user: string;
  readonly key: string;
  readonly summary: string;
}

/** A pager in this process: keeps who was called, and can be made to fail. */
export interface MemoryPager extends Pager {
  readonly rings: readonly Ring[];
  /** Every call that was taken, those that added to an open incident too. */
  readonly calls: readonly { readonly at: Date; readonly call: PagerCall }[];
  /** What people do in the pager itself. False where nothing is open under the key. */
  acknowledgeAs(key: string, user: string): boolean;
  resolveAs(key: string): boolean;
  /**
   * Decides before each call whether it fails: `refuse` throws and does nothing, `loseAnswer` does it and then throws, as
   * when a connection breaks between the two. `undefined`: it works.
   */
  failWith(rule: ((method: keyof Pager) => Failure | undefined) | undefined): void;
}

export const pagerUnavailable = (retryAfterMs?: number): DrError =>
  new DrError('PAGER_UNAVAILABLE', 'transient', 'The pager does not answer.', {
    data: retryAfterMs === undefined ? {} : { retryAfterMs },
  });

export const pagerRefused = (status: number): DrError =>
  new DrError('PAGER_REFUSED', 'permanent', `The pager refused: ${status}.`, { data: { status } });

type Open = PagerIncident & { readonly summary: string; readonly called: ReadonlySet<string> };

/** `onCall`: whom an incident calls by itself. `rest: false`: as with a pager that nobody gave us a token for. */
export function memoryPager({
  clock,
  onCall,
  rest = true,
}: {
  readonly clock: Clock;
  readonly onCall: readonly string[];
  readonly rest?: boolean;
}): MemoryPager {
  const incidents = new Map<string, Open>();
  const rings: Ring[] = [];
  const calls: MemoryPager['calls'][number][] = [];
  let made = 0;
  let rule: ((method: keyof Pager) => Failure | undefined) | undefined;

  const doing = async <T>(method: keyof Pager, act: () => T): Promise<T> => {
    const failure = rule?.(method);
    if (failure?.kind === 'refuse') throw failure.error;
    const result = act();
    if (failure) throw failure.error;
    return result;
  };
  const open = (key: string): Open | undefined => {
    const incident = incidents.get(key);
    return incident?.state === 'resolved' ? undefined : incident;
  };
  const ring = ({ key, summary }: Open, users: readonly string[]): void => {
    for (const user of users) rings.push({ at: clock.now(), user, key, summary });
  };
  const change = (key: string, changed: (incident: Open) => Partial<Open>): boolean => {
    const incident = open(key);
    if (incident) incidents.set(key, { ...incident, ...changed(incident) });
    return incident !== undefined;
  };
  const acknowledge = (key: string, user?: string): boolean =>
    change(key, ({ state, changedAt, acknowledgedBy }) => ({
      state: 'acknowledged',
      changedAt: state === 'acknowledged' ? changedAt : clock.now(),
      acknowledgedBy:
        user === undefined
          ? acknowledgedBy
          : [...acknowledgedBy.filter((each) => each.user !== user), { user, at: clock.now() }],
    }));
  const resolve = (key: string): boolean => change(key, () => ({ state: 'resolved', changedAt: clock.now() }));

  return {
    rings,
    calls,
    acknowledgeAs: acknowledge,
    resolveAs: resolve,
    failWith: (next) => {
      rule = next;
    },
    trigger: (call) =>
      doing('trigger', () => {
        calls.push({ at: clock.now(), call });
        if (open(call.key)) return;
        made += 1;
        const incident: Open = {
          key: call.key,
          id: `memory-${made}`,
          state: 'triggered',
          acknowledgedBy: [],
          url: `https://pager.example/${made}`,
          changedAt: clock.now(),
          summary: call.summary,
          called: new Set(onCall),
        };
        incidents.set(call.key, incident);
        ring(incident, onCall);
      }),
    acknowledge: (key) => doing('acknowledge', () => void acknowledge(key)),
    resolve: (key) => doing('resolve', () => void resolve(key)),
    callAlso: (key, users) =>
      doing('callAlso', () => {
        const incident = open(key);
        if (!rest || !incident) return false;
        const left = [...new Set(users)].filter((user) => !incident.called.has(user));
        incidents.set(key, { ...incident, called: new Set([...incident.called, ...left]) });
        ring(incident, left);
        return true;
      }),
    incidents: (keys) =>
      doing('incidents', () =>
        [...new Set(rest ? keys : [])].flatMap((key) => {
          const incident = incidents.get(key);
          if (!incident) return [];
          const { summary: _, called: __, ...shown } = incident;
          return [shown];
        }),
      ),
    check: () => doing('check', () => ({ events: true, rest })),
  };
}
