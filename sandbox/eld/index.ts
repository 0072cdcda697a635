/**
 * The protected system of the sandbox: a service that keeps truck drivers' hours of duty, one process an instance, and
 * the drivers who use it and remember every write it acknowledged, so that loss can be counted by those who suffer it.
 */
export { createEldRecords, type EldRecordsOptions, openRoute53, type RegionRecord } from './dns-records.ts';
export { DriverLog, type DriverLogDocument, hashOfDocument, toDocument } from './driver-log.ts';
export type { AuditResult } from './drivers/audit.ts';
export { type EldLeases, type EldPodsOptions, eldPods } from './eld-pods.ts';
export { COLLECTIONS, type Seeded, type SeedOptions, seedEld, VIEW } from './seed/seed.ts';
export { type Drivers, type DriversOptions, startDrivers } from './start-drivers.ts';
export { COLD_REGION, ELD_REGIONS, type Eld, type EldOptions, type EldRegion, startEld } from './start-eld.ts';
