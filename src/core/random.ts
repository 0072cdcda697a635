import { randomBytes } from 'node:crypto';

/** Randomness, passed in: tests seed it, production draws from the operating system. */
export type RandomBytes = (size: number) => Buffer;

export const systemRandom: RandomBytes = (size) => randomBytes(size);
