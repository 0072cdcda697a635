import { beforeEach, expect, test } from 'vitest';
import { DrError, type Text } from '#core';
import { keysCard, rotatePreview, rotateReceipt } from '#flows';
import { parsePlan } from '#plan';
import { plainText } from '#record';
import { rotationBench } from '../../keys/rotation-bench.ts';
import { eldText } from '../../plan/eld-plan.ts';
import { smallBackup } from '../../support/small-backup.ts';
import { wordsOf } from '../../support/words-of.ts';

const { plan } = parsePlan(eldText, 'plan.yaml');
let bench: ReturnType<typeof rotationBench>;
const world = () => ({ plan, clock: bench.vault.clock, journal: bench.journal, backup: { vault: bench.vault } });
const card = async (): Promise<string> => wordsOf(await keysCard(world()));
const words = (text: Text): string => plainText(text, String, bench.vault.clock.now());

beforeEach(async () => {
  bench = rotationBench();
});

test('without a backup there is no key, and no rotation', async () => {
  expect(await card()).toContain('No backup yet');
  await expect(rotatePreview({ due: false }, world())).rejects.toMatchObject({ code: 'BACKUP_UNKNOWN', kind: 'user' });
});

test('the card says how old the wraps are, which KMS keys they need, and what each region opened alone', async () => {
  const { header } = await smallBackup(bench.vault);
  await smallBackup(bench.vault);
  expect(await card()).toMatch(/2 keys, each in every region[\s\S]*None older than 90 days[\s\S]*not tried alone yet/);
  bench.passDays(90);
  expect(await card()).toContain('2 due, older than 90 days.');
  bench.keys[0]?.replaceKey('named as an earlier one');
  const { header: newest } = await smallBackup(bench.vault);
  expect(await card()).toMatch(/us-east-1:2" wraps 1\n.*us-east-1:1" wraps 2\n.*Keep them all/);
  await bench.rotate();
  const after = await card();
  expect(after).toContain(`alone opened ${newest.backup}`);
  expect(after).not.toContain('Keep them all');
  expect(after).not.toContain(header.backup);
});

test('the card names what is not in every region, and which region does not answer', async () => {
  bench.keys[2]?.failWith(new DrError('SERVICE_UNAVAILABLE', 'transient', 'KMS does not answer.'));
  const { header } = await smallBackup(bench.vault);
  bench.stores[1]?.failWith(new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'S3 does not answer.'));
  const text = await card();
  expect(text).toContain('1 not in every region');
  expect(text).toContain(`${header.backup}: not eu-west-1`);
  expect(text).toContain('No answer from us-west-2.');
});

test('the preview says that nothing is removed, and the receipt how it is known', async () => {
  const { header } = await smallBackup(bench.vault);
  const { title, payload, sections } = await rotatePreview({ due: true }, world());
  expect(title).toBe('rotation of keys older than 90 days');
  expect(payload).toEqual({ which: { kind: 'due', days: 90 } });
  expect(sections.flatMap(({ lines }) => lines.map(words)).join('\n')).toContain('nothing is removed');
  const receipt = rotateReceipt(await bench.rotate());
  expect(receipt?.headline).toBe('1 key wrapped anew');
  expect(receipt?.sections.flatMap(({ lines }) => lines.map(words)).join('\n')).toContain(
    `us-west-2 alone opens ${header.backup}.`,
  );
  expect(rotateReceipt(await bench.rotate({ kind: 'due', days: 90 }))?.headline).toBe('No key is due');
});
