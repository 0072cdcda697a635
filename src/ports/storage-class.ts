import { z } from 'zod';

/** What an object costs to keep and how fast it is read, from the warmest to the coldest. */
export const StorageClass = z.enum(['STANDARD', 'STANDARD_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE']);
export type StorageClass = z.output<typeof StorageClass>;

/** Classes whose objects can't be read before they were fetched, and how long that usually takes, in hours. */
export const FETCH_HOURS: Readonly<Partial<Record<StorageClass, number>>> = { GLACIER: 5, DEEP_ARCHIVE: 12 };

/** Whether objects of this class are read like any other. */
export const isInstant = (storageClass: StorageClass): boolean => FETCH_HOURS[storageClass] === undefined;

/** `thawed`: of a cold class, and for some days there is a copy that can be read. */
export type Storage = {
  readonly class: StorageClass;
  readonly state: 'instant' | 'cold' | 'thawing' | 'thawed';
};

/** An object with this tag is moved to the class that it names, by the bucket's own rule. */
export const CLASS_TAG = 'holdfast-class';
