/** How a test write is made: where it goes, and what is sent. `GET <path>/<id>` reads it back with its hash. */
export interface ProbeShape {
  readonly path: string;
  readonly record: (id: string, at: Date) => unknown;
}

/** A driver log that no driver made: recognisable by its kind, with no driver's or vehicle's number. */
export const driverLogProbe: ProbeShape = {
  path: '/driver-logs',
  record: (id, at) => ({
    id,
    driverId: 'holdfast-probe',
    vehicleId: 'holdfast-probe',
    at: at.toISOString(),
    kind: 'probe',
    status: 'OFF',
    odometerKm: 0,
    position: { lat: 0, lon: 0 },
  }),
};
