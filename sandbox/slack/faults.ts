import { z } from 'zod';

/** Which calls a fault strikes: all methods, or those named. */
const methods = z.array(z.string()).optional();

/** One order to break something. Also the body of POST /faults on the control API. */
export const FaultOrder = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('cut'),
    seconds: z.number().positive().max(3600),
    how: z.enum(['refuse', 'hang']).default('refuse'),
  }),
  z.strictObject({ kind: z.literal('server_errors'), count: z.number().int().positive(), methods }),
  z.strictObject({
    kind: z.literal('rate_limit'),
    count: z.number().int().positive(),
    retryAfterSeconds: z.number().int().positive().default(1),
    methods,
  }),
  /** The call takes effect, its answer is lost: what a client must survive without doing it twice. */
  z.strictObject({ kind: z.literal('lost_answers'), count: z.number().int().positive(), methods }),
  z.strictObject({ kind: z.literal('drop_sockets') }),
  z.strictObject({
    kind: z.literal('refresh_sockets'),
    reason: z.enum(['warning', 'refresh_requested', 'link_disabled']).default('refresh_requested'),
  }),
]);
export type FaultOrder = z.output<typeof FaultOrder>;
export type FaultOrderInput = z.input<typeof FaultOrder>;
type CallFault = Extract<FaultOrder, { count: number }>;

/** The faults that strike single API calls; each is used up by the calls it strikes. */
export class CallFaults {
  #pending: { fault: CallFault; left: number }[] = [];

  add(fault: CallFault): void {
    this.#pending.push({ fault, left: fault.count });
  }

  clear(): void {
    this.#pending = [];
  }

  /** The fault this call meets, if any. */
  strike(method: string): CallFault | undefined {
    const met = this.#pending.find(({ fault }) => fault.methods === undefined || fault.methods.includes(method));
    if (met === undefined) return undefined;
    met.left -= 1;
    if (met.left <= 0) this.#pending = this.#pending.filter((other) => other !== met);
    return met.fault;
  }
}
