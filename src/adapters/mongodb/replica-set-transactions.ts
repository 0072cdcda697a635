import { z } from 'zod';
import { translated } from './replica-set-errors.ts';
import type { Members } from './replica-set-members.ts';

const Open = z.object({
  lsid: z.object({ id: z.unknown(), uid: z.unknown() }).loose(),
  transaction: z.object({ timeOpenMicros: z.coerce.number() }).loose(),
});

/** Ends the sessions whose transaction is open for longer; a transaction can't be ended without its session. */
export async function endTransactions(members: Members, host: string, olderThanMs: number): Promise<number> {
  const order = 'end old transactions';
  const found = await members
    .client(host)
    .db('admin')
    .aggregate(
      [
        { $currentOp: { allUsers: true, idleSessions: true } },
        { $match: { 'transaction.timeOpenMicros': { $gt: olderThanMs * 1_000 } } },
        { $project: { lsid: 1, transaction: 1 } },
      ],
      { maxTimeMS: 2_000 },
    )
    .toArray()
    .catch((thrown: unknown) => {
      throw translated(thrown, host, order);
    });
  const sessions = found.map((each) => Open.parse(each).lsid);
  if (sessions.length === 0) return 0;
  const patterns = sessions.map(({ id, uid }) => ({ lsid: { id, uid } }));
  await members.ask(host, { killAllSessionsByPattern: patterns }, order, 2_000);
  return sessions.length;
}
