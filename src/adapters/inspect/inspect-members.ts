import { z } from 'zod';
import { askDatabase } from './ask-database.ts';

export interface MemberInspection {
  readonly host: string;
  /** The server's word: PRIMARY, SECONDARY, (not reachable/healthy) ... */
  readonly state: string;
}

const Status = z.object({ members: z.array(z.object({ name: z.string(), stateStr: z.string() })) });

/** The members of a replica set as one of them sees them. Throws DATABASE_UNAVAILABLE or DATABASE_REFUSED. */
export async function inspectMembers(uri: string): Promise<MemberInspection[]> {
  const { members } = Status.parse(await askDatabase(uri, { replSetGetStatus: 1 }));
  return members.map(({ name, stateStr }) => ({ host: name, state: stateStr }));
}
