/** BSON as bytes: read in place, written from pieces, never decoded. */
export * from './apply-diff.ts';
export * from './read.ts';
export * from './types.ts';
export * from './value-key.ts';
export * from './write.ts';
