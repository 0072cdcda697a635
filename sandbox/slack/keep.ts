import { z } from 'zod';
import { keepSnapshot, readSnapshot } from '../keep-snapshot.ts';
import type { Snapshot, WorkspaceStore } from './store.ts';

const FILE = 'slack.json';
const Kept = z.looseObject({
  channels: z.array(z.looseObject({ id: z.string() })),
  messages: z.array(z.looseObject({ ts: z.string() })),
  ephemerals: z.array(z.looseObject({ ts: z.string() })),
  bookmarks: z.array(z.looseObject({ id: z.string() })),
  lastTs: z.string(),
});

/** What an earlier run left in `folder`. @throws ZodError for a file that is not ours. */
export const readKept = (folder: string | undefined): Snapshot | undefined => readSnapshot(folder, FILE, Kept);

/** Keeps the store in `folder` until stopped. */
export const keep = (store: WorkspaceStore, folder: string | undefined): (() => void) =>
  keepSnapshot(store, folder, FILE);
