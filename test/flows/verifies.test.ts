import { beforeEach, expect, test } from 'vitest';
import { type HoldfastWorld, verifyPreview, verifyReceipt } from '#flows';
import { verifyBench } from '../integrity/carry-verify.ts';
import { hoursAgo, type MadeTimeline, madeFrom, makeSegments } from '../support/made-timeline.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { smallBackup } from '../support/small-backup.ts';

let held: ReturnType<typeof memoryVault>;
let made: MadeTimeline;
beforeEach(async () => {
  held = memoryVault();
  made = await makeSegments(held.vault, madeFrom(hoursAgo(4)), { count: 30, everySeconds: 240 });
});

const worldOf = (): HoldfastWorld => ({ backup: { vault: held.vault } }) as unknown as HoldfastWorld;
const asked = (backup: string, percent?: number) => verifyPreview({ backup, percent }, worldOf());

test('the preview says how many captured hours are read, alone or beside backups', async () => {
  const captured = await asked('captured');
  expect(captured).toMatchObject({
    title: 'verification of 3 captured hours',
    payload: { which: { kind: 'captured' } },
  });
  expect(JSON.stringify(captured.sections)).toContain(
    'Reads 3 captured hours back from us-east-1, us-west-2, eu-west-1',
  );
  const { header } = await smallBackup(held.vault);
  expect((await asked('all')).title).toBe(`verification of ${header.backup}, 3 captured hours`);
  expect((await asked('latest', 30)).title).toContain(', 1 captured hour');
  expect((await asked('latest')).title).not.toContain('captured');
});

test('without anything captured there is nothing to verify, and the next command is named', async () => {
  held = memoryVault();
  await expect(asked('captured')).rejects.toMatchObject({
    code: 'BACKUP_UNKNOWN',
    hint: expect.stringContaining('--window'),
  });
});

test('the receipt names what was healed, and what was known to be lost', async () => {
  const { verify } = verifyBench(held.vault);
  const [second = '', third = ''] = made.keys.slice(1);
  for (const each of held.stores) each.tamper(third, (body) => body.subarray(1));
  const end = { seconds: hoursAgo(4) + 3_600, increment: 1 };
  await smallBackup(held.vault, { header: { window: { start: end, end } } });
  expect(await verify({ kind: 'captured' })).toMatchObject({ state: 'failed', failure: { code: 'BACKUP_DAMAGED' } });
  held.stores[1]?.tamper(second, (body) => body.subarray(1));
  const receipt = verifyReceipt(await verify({ kind: 'captured' }));
  expect(receipt?.headline).toBe('3 captured hours verified, damage healed');
  const words = JSON.stringify(receipt?.sections);
  const utc = (seconds: number): string =>
    `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  expect(words).toContain(`us-west-2, captured up to ${utc(hoursAgo(4) + 480)}: `);
  expect(words).toContain('Written again from us-east-1.');
  expect(words).toContain(
    `Known to be lost: ${utc(hoursAgo(4) + 480)} to ${utc(hoursAgo(4) + 3_599)}: what was captured from ${utc(hoursAgo(4) + 480)} to ${utc(hoursAgo(4) + 720)} is damaged in every region.`,
  );
});
