import { expect, test } from 'vitest';
import {
  createSettableClock,
  memoryControlStore,
  memoryKeyService,
  memoryLeases,
  memoryObjectStore,
} from '#adapters/memory';
import { type Asked, parseCommand } from '#chatops';
import { commands } from '#commands';
import { PersonId, Region, RequestId, systemRandom } from '#core';
import {
  backupsCard,
  holdPreview,
  pruneDailyPreview,
  prunePreview,
  pruneReceipt,
  releasePreview,
  retentionOf,
} from '#flows';
import { parsePlan } from '#plan';
import { RestoreAsInput, RestoreInput, restoreAsWorkflow, restoreWorkflow } from '#restore';
import { holdWorkflow, pruneDailyWorkflow, pruneWorkflow, releaseWorkflow } from '#retention';
import { compareCatalog, type Manifest, openCatalog, openVault, refuseLeaving, shownBackups } from '#vault';
import { type AnyWorkflow, createRun, executeRun, openJournal, openLocks, type RunRecord } from '#workflow';
import { makeBackup } from '../docs/made-backup.ts';
import { eldText } from '../plan/eld-plan.ts';
import { PLAN_HASH } from '../support/memory-vault.ts';
import { wordsOf } from '../support/words-of.ts';

const DAY_MS = 86_400_000;
const { plan } = parsePlan(eldText, 'plan.yaml');

/** A vault of two backups that no term keeps: their windows end in 1970. Only the newest is needed. */
async function company() {
  const clock = createSettableClock(new Date());
  const regions = ['us-east-1', 'us-west-2'].map((name) => Region.parse(name));
  const store = memoryControlStore(clock);
  const vault = openVault({
    stores: regions.map((region) => memoryObjectStore(region, clock)),
    keys: regions.map((region) => memoryKeyService(region)),
    clock,
    random: systemRandom,
    catalog: openCatalog(store),
  });
  const journal = openJournal(store);
  const openSource = async (): Promise<never> => {
    throw new Error('nothing here reads the database');
  };
  const world = { plan, backup: { vault, planHash: PLAN_HASH, openSource }, journal, store };
  const older = await makeBackup(vault, [{ _id: 1 }], []);
  const newest = await makeBackup(vault, [{ _id: 1 }], [{ op: 'n', o: {} }]);
  await compareCatalog(vault, { everything: false, signal: new AbortController().signal });
  let runs = 0;
  const start = async (workflow: AnyWorkflow<never>, input: unknown): Promise<RequestId> => {
    runs += 1;
    const id = RequestId.parse(`R-${runs}`);
    await createRun(journal, { id, workflow, input, at: clock.now() });
    return id;
  };
  /** Carries a run through, as a worker would. */
  const run = async (workflow: AnyWorkflow<never>, input: unknown): Promise<RunRecord> => {
    const id = await start(workflow, input);
    const parts = { journal, locks: openLocks(store), leases: memoryLeases(clock), clock, worker: 'worker-1' };
    const silent = { beforeStart: async () => undefined, tell: async () => undefined };
    await executeRun(workflow, id, { ...parts, ...silent, world: retentionOf(world) as never });
    const record = (await journal.get(id))?.value;
    if (!record) throw new Error(`${id} is not in the journal`);
    return record;
  };
  return { clock, vault, journal, world, older, newest, start, run };
}

const idOf = ({ header }: Manifest) => header.backup;
const lisa: Asked = {
  person: PersonId.parse('lisa-brown'),
  name: 'Lisa Brown',
  via: 'slack',
  at: new Date(),
  timeZone: 'UTC',
  intake: 'test',
  incident: undefined,
  request: undefined,
};
const words = (preview: { sections: readonly unknown[] }): string => JSON.stringify(preview.sections);

test('prune alone only shows; with --apply it asks', () => {
  expect(parseCommand('prune', commands)).toMatchObject({ kind: 'ready', dryRun: true });
  expect(parseCommand('prune --apply', commands)).toMatchObject({ kind: 'ready', dryRun: false });
  expect(parseCommand('prune --apply --dry-run', commands)).toMatchObject({ kind: 'ready', dryRun: true });
  expect(parseCommand('prune daily', commands)).toMatchObject({ kind: 'ready', dryRun: false });
});

test('what is not needed is shown, marked by the daily round, asked for a week later, and deleted in every region', async () => {
  const { clock, vault, world, older, newest, run } = await company();
  await clock.advance(8 * DAY_MS);
  expect(words(await prunePreview({ apply: false }, world))).toMatch(/marked with the next daily round: 1 thing/);
  await expect(prunePreview({ apply: true }, world)).rejects.toMatchObject({ code: 'WRONG_STATE', kind: 'user' });

  const daily = await pruneDailyPreview(world);
  expect(daily.payload).toEqual({ sweep: [] });
  const marked = await run(pruneDailyWorkflow, daily.payload);
  expect(pruneReceipt(marked)?.headline).toBe('1 thing marked, nothing deleted');
  expect(words(await prunePreview({ apply: false }, world))).toContain(`${idOf(older)} (`);

  await clock.advance(8 * DAY_MS);
  const preview = await prunePreview({ apply: true }, world);
  expect(words(preview)).toMatch(/Goes now, in every region: 1 thing/);
  // what people approve stays what it is while they read
  await clock.advance(60_000);
  expect((await prunePreview({ apply: true }, world)).facts).toEqual(preview.facts);

  const done = await run(pruneWorkflow, preview.payload);
  expect(done.state).toBe('done');
  expect(pruneReceipt(done)?.headline).toMatch(/^1 thing deleted, /);
  for (const store of vault.stores) {
    const keys: string[] = [];
    for await (const { key } of store.listVersions('')) keys.push(key);
    expect(keys.filter((key) => key.includes(idOf(older)))).toEqual([]);
    expect(keys).toContain(`manifests/${newest.header.year}/${idOf(newest)}`);
  }
  // noted at once: the list is the catalog's, and no comparison came in between
  const listed = await shownBackups(vault, { limit: 5 });
  expect(listed.backups).toMatchObject([{ header: { backup: idOf(newest) } }]);
  expect(listed.comparedAt?.getTime()).toBeLessThan(clock.now().getTime() - 16 * DAY_MS + 1);
});

test('locks of what stays are made longer by the daily round, once', async () => {
  const { clock, vault, newest, run } = await company();
  const key = newest.body.segments[0]?.key ?? '';
  const lockOf = async () => (await vault.stores[1]?.head(key))?.lock;
  const before = await lockOf();
  await clock.advance(DAY_MS / 2);
  const first = await run(pruneDailyWorkflow, { sweep: [] });
  expect(first.steps[0]?.output).toMatchObject({ extended: 2 });
  const after = await lockOf();
  expect(after).toMatchObject({ mode: 'compliance' });
  expect(after !== 'none' && before !== 'none' && after && before && after.until > before.until).toBe(true);
  const second = await run(pruneDailyWorkflow, { sweep: [] });
  expect(second.steps[0]?.output).toMatchObject({ extended: 0 });
});

const under = { backupId: 'B-0101-0000', databases: ['made'] };
test.each([
  ['restore', restoreWorkflow, RestoreInput.parse(under)],
  [
    'restore-as',
    restoreAsWorkflow,
    RestoreAsInput.parse({ ...under, naming: { database: 'made_again' }, captured: false }),
  ],
] as const)(
  'a %s that is under way keeps its backup; one that comes too late is told to hold it first',
  async (what, workflow, input) => {
    const { clock, vault, world, older, run, start } = await company();
    await clock.advance(8 * DAY_MS);
    await run(pruneDailyWorkflow, { sweep: [] });
    await clock.advance(8 * DAY_MS);
    const ripe = await prunePreview({ apply: true }, world);
    await expect(refuseLeaving(vault, older.header)).rejects.toMatchObject({
      code: 'WRONG_STATE',
      hint: `Keep it: /dr backups hold ${idOf(older)} --reason "..."`,
    });

    // in the journal before it could look: then it is prune that has to give way
    await start(workflow, { ...input, backupId: idOf(older) });
    const swept = await run(pruneWorkflow, ripe.payload);
    expect(swept.steps[1]?.output).toMatchObject({ removed: [] });
    expect(JSON.stringify(await prunePreview({ apply: false }, world))).toContain(`uses it (${what})`);
  },
);

test('a held backup stays until somebody lets go, whoever approved what', async () => {
  const { clock, vault, world, older, run } = await company();
  await clock.advance(8 * DAY_MS);
  await run(pruneDailyWorkflow, { sweep: [] });
  await clock.advance(8 * DAY_MS);
  const approved = await prunePreview({ apply: true }, world);
  const wanted = { backup: idOf(older).toLowerCase(), reason: 'court order' };
  await expect(releasePreview(wanted, lisa, world)).rejects.toMatchObject({ code: 'WRONG_STATE' });

  expect((await run(holdWorkflow, (await holdPreview(wanted, lisa, world)).payload)).state).toBe('done');
  expect((await run(pruneWorkflow, approved.payload)).steps[1]?.output).toMatchObject({ removed: [] });
  await refuseLeaving(vault, older.header);
  expect(wordsOf(await backupsCard({ ...world, clock }))).toMatch(new RegExp(`${idOf(older)} {3}HELD`));
  expect(words(await releasePreview(wanted, lisa, world))).toContain('Lisa Brown');

  expect((await run(releaseWorkflow, (await releasePreview(wanted, lisa, world)).payload)).state).toBe('done');
  // the hold had taken the mark away: the days are counted again
  await expect(prunePreview({ apply: true }, world)).rejects.toMatchObject({ code: 'WRONG_STATE' });
  await run(pruneDailyWorkflow, { sweep: [] });
  await clock.advance(8 * DAY_MS);
  const { payload } = await prunePreview({ apply: true }, world);
  expect((await run(pruneWorkflow, payload)).steps[1]?.output).toMatchObject({
    removed: [{ bytes: expect.any(Number) }],
  });
});

test('the schedule deletes only where the plan says so', async () => {
  const { clock, world, run } = await company();
  await clock.advance(8 * DAY_MS);
  await run(pruneDailyWorkflow, { sweep: [] });
  await clock.advance(8 * DAY_MS);
  expect((await pruneDailyPreview(world)).payload).toEqual({ sweep: [] });
  const prune = { ...plan.mongodb.prune, applyBySchedule: true };
  const applying = { ...world, plan: { ...plan, mongodb: { ...plan.mongodb, prune } } };
  expect((await pruneDailyPreview(applying)).payload).toEqual({ sweep: [expect.stringContaining('attempt/')] });
});
