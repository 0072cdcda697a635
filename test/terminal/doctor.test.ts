import { describe, expect, it } from 'vitest';
import { neededPrivileges, privilegesElsewhere } from '#adapters/inspect';
import { createSettableClock } from '#adapters/memory';
import { salvageConfig } from '#config';
import { systemClock } from '#core';
import {
  canaryWriter,
  operator,
  oplogTailer,
  otherClusterWriter,
  restoreWriter,
  snapshotReader,
} from '../../sandbox/servers/privileges.ts';
import { lookAtAll, wrong } from '../../src/terminal/doctor/check.ts';
import { mayAskAws } from '../../src/terminal/doctor/environment.ts';
import { findingLines } from '../../src/terminal/doctor/finding-lines.ts';
import { vaultKeyChecks } from '../../src/terminal/doctor/vault-key-checks.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { smallBackup } from '../support/small-backup.ts';

const fix = 'Start it.';

describe('dr doctor', () => {
  it('looks at everything at once, and waits for nothing longer than its deadline', async () => {
    const clock = createSettableClock(new Date('2026-11-23T08:00:00Z'));
    const looked = lookAtAll(
      [
        { name: 'well', fix, look: async () => 'answers' },
        { name: 'sick', fix, look: () => Promise.reject(wrong('It is sick.', 'Give it a rest.')) },
        { name: 'silent', fix, look: () => new Promise<never>(() => undefined) },
      ],
      clock,
    );
    await clock.advance(6_000);
    expect(await looked).toEqual([
      { name: 'well', state: 'OK', words: 'answers' },
      { name: 'sick', state: 'WRONG', words: 'It is sick.', fix: 'Give it a rest.' },
      { name: 'silent', state: 'WRONG', words: 'No answer in 6 s.', fix },
    ]);
    expect(clock.sleepers()).toBe(0);
  });

  it("says which region's key does not open the newest backup alone, and how it is mended", async () => {
    const { vault, keys } = memoryVault();
    const words = async () =>
      (await lookAtAll(vaultKeyChecks(vault.stores, vault.keys), systemClock)).map(({ state, words: said }) => [
        state,
        said,
      ]);
    expect((await words())[0]).toEqual(['OK', 'memory:us-east-1: wraps and unwraps; no backup to open yet']);
    const { header } = await smallBackup(vault);
    expect((await words()).map(([state]) => state)).toEqual(['OK', 'OK', 'OK']);
    keys[1]?.replaceKey('forgotten');
    const [east, west] = await words();
    expect(east).toEqual(['OK', `memory:us-east-1: wraps and unwraps; alone opens ${header.backup}`]);
    expect(west).toEqual([
      'WRONG',
      expect.stringContaining(`does not open ${header.backup} alone: KMS in us-west-2 refused`),
    ]);
  });

  it('puts the way out below what is wrong, in wide and narrow windows', () => {
    const findings = [
      { name: 'Redis', state: 'OK', words: 'answers' },
      {
        name: 'clock',
        state: 'WRONG',
        words: "This machine's clock is 3.0 s off the control store's.",
        fix: 'Set this machine right: run an NTP service.',
      },
    ] as const;
    const wide = findingLines(findings, 100);
    expect(wide[0]).toBe('OK     Redis                  answers');
    expect(wide.join('\n')).toMatch(/WRONG +clock +This machine's clock.*\n +Fix: Set this machine right/);
    expect(wide.at(-1)).toBe('1 of 2 WRONG. Nothing was changed.');
    const narrow = findingLines(findings, 44);
    expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(44);
    expect(findingLines(findings.slice(0, 1), 80).at(-1)).toBe('All 1 OK.');
  });

  it('asks for exactly the rights that the roles give', () => {
    const flat = (list: readonly { on: string; actions: readonly string[] }[]): string[] =>
      [...new Set(list.flatMap(({ on, actions }) => actions.map((action) => `${action} on ${on}`)))].sort();
    const placeOf = (on: { db: string; collection?: string }): string => `${on.db}.${on.collection ?? 'buckets'}`;
    const given = [snapshotReader, restoreWriter]
      .flatMap((role) => role(['eld']))
      .concat(...[oplogTailer(), operator(), canaryWriter('canaries')]);
    const roles = given.map(({ resource, actions }) => ({
      on: 'cluster' in resource ? 'cluster' : placeOf(resource),
      actions,
    }));
    const needed = neededPrivileges(['eld'], 'canaries').map(({ on, actions }) => ({
      on: on === 'cluster' ? on : placeOf(on),
      actions,
    }));
    expect(flat(needed)).toEqual(flat(roles));
  });

  it('asks of another cluster for exactly the rights that its role gives', () => {
    const given = otherClusterWriter(['eld']).map(({ resource, actions }) => ({
      on: 'cluster' in resource ? 'cluster' : 'collection' in resource ? resource : { db: resource.db, buckets: '' },
      actions,
    }));
    expect(privilegesElsewhere(['eld'])).toEqual(given);
  });

  it('asks nothing of AWS at an address that was refused, which its SDK would read all the same', () => {
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_KMS', 'HOLDFAST_AWS_ENDPOINT_US_EAST_1']) {
      const { mistakes } = salvageConfig({ [name]: 'http://minio.internal:9000' });
      expect([name, mayAskAws(mistakes)]).toEqual([name, false]);
    }
    expect(mayAskAws(salvageConfig({ REDIS_URL: 'redis://cache.internal' }).mistakes)).toBe(true);
  });

  it('saves of a broken environment what is right', () => {
    const { config, mistakes } = salvageConfig({ PORT: 'door', HOLDFAST_REGION: 'us-east-1', SLACK_MODE: 'pigeon' });
    expect(mistakes.map(({ name }) => name).sort()).toEqual(['PORT', 'SLACK_MODE']);
    expect(config).toMatchObject({ region: 'us-east-1', port: 3000, slackMode: 'socket' });
    expect(salvageConfig({}).mistakes).toEqual([]);
  });
});
