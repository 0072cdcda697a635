import { Timestamp } from 'mongodb';
import { z } from 'zod';
import type { OplogTime } from '#ports';

const ServerTimestamp = z.instanceof(Timestamp);

/** The driver's timestamp in our words. */
export function oplogTimeOf(value: unknown): OplogTime {
  const { t, i } = ServerTimestamp.parse(value);
  return { seconds: t, increment: i };
}

export const timestampOf = ({ seconds, increment }: OplogTime): Timestamp =>
  new Timestamp({ t: seconds, i: increment });

const LastWrite = z.object({
  lastWrite: z.object({ opTime: z.object({ ts: ServerTimestamp }), majorityOpTime: z.object({ ts: ServerTimestamp }) }),
});

/** What `hello` says of the member's newest applied and majority-committed entries. */
export function lastWriteOf(hello: unknown): { applied: OplogTime; majority: OplogTime } {
  const { lastWrite } = LastWrite.parse(hello);
  return { applied: oplogTimeOf(lastWrite.opTime.ts), majority: oplogTimeOf(lastWrite.majorityOpTime.ts) };
}
