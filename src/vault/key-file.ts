import { z } from 'zod';
import { DrError, Region } from '#core';
import type { KeyContext } from '#ports';
import { FORMAT, FORMAT_VERSION } from './format.ts';
import { jsonIn } from './json-in.ts';

/** A key object, `keys/<key>/<generation>`. Rotation adds a generation; it never touches a manifest or a segment. */
export const KeyFile = z.object({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  key: z.string(),
  generation: z.number().int().positive(),
  /** When the wraps were made. The first generations of old backups do not say; not authenticated. */
  madeAt: z.iso.datetime().optional(),
  context: z.record(z.string(), z.string()),
  wraps: z.array(z.object({ region: Region, keyName: z.string(), wrapped: z.base64() })).min(1),
});
export type KeyFile = z.output<typeof KeyFile>;
export type Wrap = KeyFile['wraps'][number];

/** What a key's wraps are bound to: by its name, not by what a file says, so that a swapped file does not open. */
export const contextOf = (name: string): KeyContext => ({ purpose: `${FORMAT} data key`, key: name });

/** A key object's bytes. */
export const encodeKeyFile = (file: KeyFile): Buffer => Buffer.from(JSON.stringify(KeyFile.parse(file)), 'utf8');

/** Throws BACKUP_DAMAGED (permanent) for what is no key object. Nothing in it is authenticated. */
export function decodeKeyFile(object: Buffer, name: string): KeyFile {
  const file = KeyFile.safeParse(jsonIn(object));
  if (file.success) return file.data;
  throw new DrError('BACKUP_DAMAGED', 'permanent', `The wraps of key ${name} can't be read.`);
}
