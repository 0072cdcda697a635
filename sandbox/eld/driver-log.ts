import { z } from 'zod';
import { hashOf, type Sha256 } from '#core';

/** One record of a driver's duty status, as a device in a truck sends it. */
export const DriverLog = z.strictObject({
  /** Made by the device, so that sending it again after a lost answer writes it once. */
  id: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
  driverId: z.string().max(40),
  vehicleId: z.string().max(40),
  at: z.iso.datetime(),
  kind: z.enum(['duty-status', 'login', 'probe']),
  status: z.enum(['OFF', 'SB', 'D', 'ON']),
  odometerKm: z.number().nonnegative(),
  position: z.strictObject({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) }),
});
export type DriverLog = z.output<typeof DriverLog>;

/** How it is stored: `at` is a date, `id` is `_id`, nothing is added. */
export type DriverLogDocument = Omit<DriverLog, 'id' | 'at'> & { readonly _id: string; readonly at: Date };

export function toDocument({ id, at, ...rest }: DriverLog): DriverLogDocument {
  return { _id: id, ...rest, at: new Date(at) };
}

/**
 * What drivers remember of a write, and what anybody who reads the collection `driver_logs` can compute again: SHA-256
 * of the document's canonical JSON, `_id` included, keys sorted, dates as ISO strings.
 */
export const hashOfDocument = (document: object): Sha256 => hashOf(document);
