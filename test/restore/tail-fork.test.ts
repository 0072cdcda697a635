import { serialize } from 'bson';
import { Timestamp, UUID } from 'mongodb';
import { beforeEach, expect, test } from 'vitest';
import { memoryControlStore } from '#adapters/memory';
import { DrError, systemClock } from '#core';
import type { MemberOplog, OpTime, TailTarget } from '#ports';
import { leftInVault, readPin, type TailWorld, vaultTail } from '#restore';
import { memoryVault } from '../support/memory-vault.ts';
import { captured } from './captured-entries.ts';
import { quietly, RUN } from './tail-ground.ts';

const START = 1_795_502_000;
const UI = new UUID('00112233-4455-4677-8899-aabbccddeeff');
let held: ReturnType<typeof memoryVault>;
let world: TailWorld;
let own: Buffer[];
const applied: string[] = [];

const at = (seconds: number, term = 1): OpTime => ({ term, seconds: START + seconds, increment: 1 });
const entry = (seconds: number, { term = 1, op = 'i', ns = 'eld.logs' } = {}): Buffer =>
  Buffer.from(
    serialize({
      ...{ op, ns, ui: UI, o: { _id: seconds }, o2: { _id: seconds }, v: 2 },
      ...{ ts: new Timestamp({ t: START + seconds, i: 1 }), t: term },
    }),
  );
const timeIn = (document: Buffer): number => document.readUInt32LE(document.indexOf('\x11ts\0') + 8) - START;

beforeEach(() => {
  held = memoryVault();
  applied.length = 0;
  own = [entry(1), entry(2), entry(3, { op: 'n', ns: '' })];
  const member: MemberOplog = {
    host: 'west-1',
    newest: async () => at(3),
    oldest: async () => at(0),
    entryAt: async ({ seconds }) => own.find((each) => timeIn(each) === seconds - START),
    between: async function* (after, through) {
      const some = own.filter((each) => timeIn(each) > after.seconds - START);
      yield Buffer.concat(some.filter((each) => !through || timeIn(each) <= through.seconds - START));
    },
    documents: async () => [],
    nameOf: async () => undefined,
  };
  const collection = {
    database: 'eld',
    name: 'logs',
    uuid: UI.toString(),
    kind: 'collection',
    options: EMPTY,
  } as const;
  const target = {
    collections: async () => [collection],
    indexes: async () => [],
    apply: async (_at: unknown, changes: readonly { id: { bytes: Buffer } }[]) => {
      applied.push(...changes.map(({ id }) => String(id.bytes.readInt32LE(0))));
    },
  } as unknown as TailTarget;
  world = {
    vault: held.vault,
    store: memoryControlStore(systemClock),
    databases: { include: ['eld'], exclude: [] },
    lock: { mode: 'governance', days: 1 },
    openTarget: async () => ({ ...target, close: async () => undefined }),
    openMember: async () => ({ ...member, close: async () => undefined }),
  };
});
const EMPTY = Buffer.from(serialize({}));
const look = (survivor: OpTime = at(3)) => vaultTail(world).look(survivor, 'west-1');
const recover = (survivor: OpTime = at(3)) => vaultTail(world).recover(RUN, survivor, quietly);

test('what leads on from the survivor is counted and put back, once', async () => {
  await captured(held.vault, 1, at(0), [entry(1), entry(2), entry(5), entry(6, { term: 2 })]);
  expect(await look()).toMatchObject({ entries: 2, refused: undefined, reaches: at(6, 2) });
  await vaultTail(world).save(RUN, 'west-1');
  expect(await readPin(held.vault, RUN)).toMatchObject({ timeline: 1, reaches: at(6, 2), entries: 0 });
  // the new primary's own writes are captured too by now, and are nothing to put back
  await captured(held.vault, 1, at(6), [entry(9, { term: 3 })]);
  expect(await recover()).toEqual({ applied: 2, reaches: at(6, 2), leftOut: 0 });
  expect(await recover()).toEqual({ applied: 2, reaches: at(6, 2), leftOut: 0 });
  expect(applied).toEqual(['5', '6']);
});

test('a survivor on another history is refused before anything is written, and why is said', async () => {
  await captured(held.vault, 1, at(0), [entry(1), entry(2), entry(5)]);
  const cases: [Buffer[], OpTime, string][] = [
    [own, at(3, 2), 'is not one of the captured history'],
    [[entry(1), entry(2, { term: 2 })], at(3), 'west-1 has another entry at'],
    [[entry(1)], at(3), 'west-1 lacks the captured entry'],
    [[...own, entry(4)], at(4), `west-1 has an entry at ${START + 4}:1 that the captured history has not`],
  ];
  for (const [entries, survivor, why] of cases) {
    own = entries;
    expect((await look(survivor)).refused).toContain(why);
    await expect(recover(survivor)).rejects.toThrow(why);
  }
  expect(applied).toEqual([]);
  const left = await Array.fromAsync(leftInVault(world, RUN, at(3)));
  expect(left.map(({ at: when }) => when.seconds - START)).toEqual([5]);
});

test('after a gap nothing leads on: what was captured behind it is said, left out and listed', async () => {
  await captured(held.vault, 1, at(0), [entry(1), entry(2), entry(5)]);
  await captured(held.vault, 2, at(7), [entry(8), entry(9)]);
  expect(await look()).toMatchObject({ entries: 3, refused: expect.stringContaining(`gap before ${START + 7}:1`) });
  await vaultTail(world).save(RUN, 'west-1');
  expect(await recover()).toMatchObject({ applied: 1, leftOut: 2 });
  const left = await Array.fromAsync(leftInVault(world, RUN, at(3)));
  expect(left.map(({ at: when }) => when.seconds - START)).toEqual([8, 9]);
});

test('an operation nobody knows stops it with its position; what is before it is put back, what follows is listed', async () => {
  await captured(held.vault, 1, at(0), [entry(2), entry(5), entry(6, { op: 'zz' }), entry(7)]);
  for (let turn = 0; turn < 2; turn += 1) {
    await expect(recover()).rejects.toThrow(
      `at ${START + 6}:1: operation "zz" is not known. 1 entry before it is put back.`,
    );
  }
  expect(applied).toEqual(['5']);
  const left = await Array.fromAsync(leftInVault(world, RUN, at(3)));
  expect(left.map(({ at: when }) => when.seconds - START)).toEqual([7]);
});

test('a vault of which no region answers is an answer', async () => {
  for (const store of held.stores) store.failWith(new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'gone'));
  expect(await look()).toMatchObject({
    reaches: undefined,
    entries: 0,
    refused: expect.stringContaining("can't be read"),
  });
});
