import { Binary, Double, Int32, ObjectId, serialize } from 'bson';

/** The reference data set: 2,005,000 documents, about 524 MB of BSON at scale 1. */
export interface EldDataset {
  readonly database: 'eld';
  readonly collections: readonly EldCollection[];
}

export interface EldCollection {
  readonly name: string;
  readonly documents: number;
  readonly indexes: readonly { readonly key: Readonly<Record<string, 1>>; readonly name: string }[];
  /** The same documents for the same seed, whatever was generated before. */
  generate(): Generator<Buffer>;
}

const SEED = 20_261_123;
const STATUSES = ['off_duty', 'sleeper_berth', 'driving', 'on_duty_not_driving'];
const PLACES = ['Dallas TX', 'Tulsa OK', 'Amarillo TX', 'Wichita KS', 'Little Rock AR', 'Shreveport LA', 'Joplin MO'];
const START_MS = Date.UTC(2026, 10, 1);

/** 60 % driver logs, 40 % positions, 5,000 vehicles, two secondary indexes; `scale` shrinks all of it alike. */
export function eldDataset(scale = 1, seed = SEED): EldDataset {
  const vehicles = Math.max(1, Math.round(5_000 * scale));
  const count = (full: number): number => Math.max(1, Math.round(full * scale));
  const collection = (
    name: string,
    documents: number,
    salt: number,
    make: (random: Random, index: number) => object,
    indexes: EldCollection['indexes'] = [],
  ): EldCollection => ({
    name,
    documents,
    indexes,
    *generate() {
      const random = mulberry32(seed + salt);
      for (let index = 0; index < documents; index += 1) yield Buffer.from(serialize(make(random, index)));
    },
  });
  return {
    database: 'eld',
    collections: [
      collection('driver_logs', count(1_200_000), 1, (random, index) => driverLog(random, index, vehicles), [
        { key: { driverId: 1, at: 1 }, name: 'driver_at' },
      ]),
      collection('positions', count(800_000), 2, (random, index) => position(random, index, vehicles), [
        { key: { vehicleId: 1, at: 1 }, name: 'vehicle_at' },
      ]),
      collection('vehicles', vehicles, 3, vehicle),
    ],
  };
}

type Random = () => number;

/** A small generator whose whole state is one number: a seed repeats a data set exactly. */
function mulberry32(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const whole = (random: Random, below: number): number => Math.floor(random() * below);

function idFor(index: number, random: Random): ObjectId {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(Math.floor(START_MS / 1000) + Math.floor(index / 40), 0);
  bytes.writeUInt32BE(whole(random, 0xffffffff), 4);
  bytes.writeUInt32BE(index, 8);
  return new ObjectId(bytes);
}

function fingerprint(random: Random): Buffer {
  const bytes = Buffer.allocUnsafe(16);
  for (let at = 0; at < 16; at += 4) bytes.writeUInt32LE(whole(random, 0xffffffff), at);
  return bytes;
}

function driverLog(random: Random, index: number, vehicles: number): object {
  const vehicle = whole(random, vehicles);
  return {
    _id: idFor(index, random),
    driverId: `D-${String(vehicle).padStart(5, '0')}`,
    vehicleId: `V-${String(vehicle).padStart(5, '0')}`,
    at: new Date(START_MS + index * 25),
    carrierId: `C-${String(vehicle % 120).padStart(4, '0')}`,
    status: STATUSES[whole(random, STATUSES.length)],
    place: PLACES[whole(random, PLACES.length)],
    odometerKm: new Double(100_000 + random() * 400_000),
    engineHours: new Double(random() * 20_000),
    durationS: new Int32(whole(random, 36_000)),
    certified: random() < 0.8,
    sequence: new Int32(index % 65_536),
    note: '',
    check: new Binary(fingerprint(random)),
  };
}

function position(random: Random, index: number, vehicles: number): object {
  const vehicle = whole(random, vehicles);
  return {
    _id: idFor(index, random),
    vehicleId: `V-${String(vehicle).padStart(5, '0')}`,
    at: new Date(START_MS + index * 37),
    location: { type: 'Point', coordinates: [new Double(-100 + random() * 10), new Double(30 + random() * 10)] },
    speedKph: new Double(random() * 110),
    heading: new Int32(whole(random, 360)),
    satellites: new Int32(whole(random, 14)),
    odometerKm: new Double(100_000 + random() * 400_000),
    engineOn: random() < 0.7,
    source: 'eld-device',
    firmware: `4.${whole(random, 12)}.${whole(random, 30)}`,
    carrierId: `C-${String(vehicle % 120).padStart(4, '0')}`,
  };
}

function vehicle(random: Random, index: number): object {
  return {
    _id: `V-${String(index).padStart(5, '0')}`,
    vin: Array.from({ length: 17 }, () => 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789'[whole(random, 33)]).join(''),
    carrier: `Carrier ${whole(random, 120)}`,
    year: new Int32(2012 + whole(random, 14)),
    device: { serial: whole(random, 1e9).toString(36), firmware: `4.${whole(random, 12)}.${whole(random, 30)}` },
  };
}
