import type { MongoClient } from 'mongodb';
import type { Company } from '#sandbox/company';
import type { Story } from './claims.ts';
import type { Desk } from './desk.ts';
import type { Fingerprints } from './live-data.ts';

/** What every chapter has at hand. */
export interface Teller {
  readonly company: Company;
  readonly desk: Desk;
  readonly story: Story;
  /** All members, as root: for looking, never through Holdfast. */
  readonly client: MongoClient;
}

/** What the first chapter leaves for the second. */
export interface BackedUp {
  readonly backup: string;
  readonly driverLogs: Fingerprints;
}
