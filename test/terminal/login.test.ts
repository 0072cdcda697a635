import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSettableClock, memoryControlStore } from '#adapters/memory';
import { PersonId, systemRandom } from '#core';
import { openTokens, TokenRecord } from '../../src/terminal/login/personal-tokens.ts';
import { forgetToken, keepToken, readToken } from '../../src/terminal/login/token-file.ts';

const alex = PersonId.parse('alex-chen');
const john = PersonId.parse('john-smith');
const DAY_MS = 86_400_000;

function desk() {
  const clock = createSettableClock(new Date('2026-11-23T08:00:00Z'));
  const store = memoryControlStore(clock);
  return { clock, store, tokens: openTokens(store) };
}

describe('personal tokens', () => {
  it('name their holder until they run out', async () => {
    const { clock, tokens } = desk();
    const { token } = await tokens.issue(alex, john, 90, systemRandom);
    expect(await tokens.check(token)).toBe(alex);
    await clock.advance(90 * DAY_MS - 1);
    expect(await tokens.check(token)).toBe(alex);
    await clock.advance(1);
    await expect(tokens.check(token)).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
      message: expect.stringContaining('run out'),
    });
  });

  it('are stored as a hash: whoever reads the store has no token', async () => {
    const { store, tokens } = desk();
    const { token } = await tokens.issue(alex, john, 90, systemRandom);
    const stored = await store.records('personal-tokens', TokenRecord).find({ limit: 10 });
    expect(JSON.stringify(stored)).not.toContain(token.slice(17));
    expect(stored[0]?.value).toMatchObject({ person: alex, issuedBy: john });
  });

  it('do not count when they are made up, altered, or carry the id of another', async () => {
    const { tokens } = desk();
    const first = (await tokens.issue(alex, john, 90, systemRandom)).token;
    const second = (await tokens.issue(john, john, 90, systemRandom)).token;
    const mixed = `${second.slice(0, 17)}${first.slice(17)}`;
    for (const forged of ['', 'hft_', mixed, `${first.slice(0, -1)}${first.endsWith('A') ? 'B' : 'A'}`]) {
      await expect(tokens.check(forged), forged).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    }
  });

  it('are revoked all at once, and once', async () => {
    const { tokens } = desk();
    const issued = [await tokens.issue(alex, john, 90, systemRandom), await tokens.issue(alex, john, 1, systemRandom)];
    const others = await tokens.issue(john, john, 90, systemRandom);
    expect(await tokens.revoke(alex)).toBe(2);
    expect(await tokens.revoke(alex)).toBe(0);
    for (const { token } of issued) {
      await expect(tokens.check(token)).rejects.toMatchObject({ message: expect.stringContaining('revoked') });
    }
    expect(await tokens.check(others.token)).toBe(john);
  });
});

describe("the token's file", () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'holdfast-token-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('is readable by its owner alone, and does not count when others can read it', async () => {
    const where = { token: undefined, tokenPath: join(dir, 'deep', 'token') };
    expect(await readToken(where)).toBeUndefined();
    await keepToken(where, 'hft_a_b');
    expect((await stat(where.tokenPath)).mode & 0o777).toBe(0o600);
    expect(await readToken(where)).toBe('hft_a_b');
    await chmod(where.tokenPath, 0o644);
    await expect(readToken(where)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    // Written anew, it is closed again.
    await keepToken(where, 'hft_c_d');
    expect((await stat(where.tokenPath)).mode & 0o777).toBe(0o600);
    expect(await readFile(where.tokenPath, 'utf8')).toBe('hft_c_d\n');
    await forgetToken(where);
    await forgetToken(where);
    expect(await readToken(where)).toBeUndefined();
  });
});
