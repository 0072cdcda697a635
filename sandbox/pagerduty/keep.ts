import { z } from 'zod';
import { keepSnapshot, readSnapshot } from '../keep-snapshot.ts';
import type { Account } from './account.ts';
import type { Snapshot } from './shapes.ts';

const FILE = 'pagerduty.json';
const Kept = z.looseObject({
  incidents: z.array(z.looseObject({ id: z.string(), key: z.string() })),
  notifications: z.array(z.looseObject({ user: z.string() })),
});

/** What an earlier run left in `folder`. @throws ZodError for a file that is not ours. */
export const readKept = (folder: string | undefined): Snapshot | undefined => readSnapshot(folder, FILE, Kept);

/** Keeps the account in `folder` until stopped. */
export const keep = (account: Account, folder: string | undefined): (() => void) => keepSnapshot(account, folder, FILE);
