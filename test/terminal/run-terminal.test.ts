import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edited } from '../plan/eld-plan.ts';

const root = join(import.meta.dirname, '../..');
let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'holdfast-terminal-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** The real process, with nothing in its environment but what a test gives. */
function dr(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const own = { PATH: process.env['PATH'] ?? '', HOME: dir, NODE_COMPILE_CACHE: join(dir, 'compiled') };
  const options = { cwd: root, env: { ...own, ...env }, timeout: 140_000 };
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, ['src/main.ts', 'dr', ...words], options, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, err });
    });
  });
}

// Each starts processes, and a machine with few cores does other things too.
describe('dr, as a process without any server', { timeout: 150_000 }, () => {
  it('checks a plan: 0 when it is right, 1 with every mistake and its place', async () => {
    expect(await dr(['plan', 'check'])).toMatchObject({ code: 0, out: expect.stringContaining('has no mistakes') });
    const bad = join(dir, 'bad.yaml');
    await writeFile(bad, edited(['error_rate_percent: 10', 'error_rate_percent: 0.1']));
    const found = await dr(['plan', 'check', bad]);
    expect(found.code).toBe(1);
    expect(found.out).toMatch(/has 1 mistake\.\n \d+:\d+ +thresholds\.error_rate_percent +0\.1 means 0\.1 %\./);
    expect(found.out).not.toContain('did not start');
    const json = await dr(['plan', 'check', bad, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ state: 'PLAN_INVALID', exitCode: 1, request: null });
    expect((await dr(['plan', 'check', join(dir, 'none.yaml')])).code).toBe(2);
  });

  it('explains itself with every server down', async () => {
    const help = await dr(['help']);
    expect(help.code).toBe(0);
    expect(help.out).toContain('/dr status');
    expect(help.out).toContain('dr doctor');
    const alex = await dr(['help', '--as', 'Alex Chen']);
    expect(alex.out).toContain('you are Alex Chen, Database Admin');
    expect(alex.out).toContain('/dr failover');
    expect((await dr(['help', 'fialover'])).code).toBe(2);
  });

  it('names what is missing in the environment and ends with 2', async () => {
    const { code, out } = await dr(['status']);
    expect(code).toBe(2);
    expect(out).toContain('CONTROL_MONGODB_URI  is missing.');
  });

  it('examines itself also when its settings are broken, and ends with 1', async () => {
    const broken = { PORT: 'door', HOLDFAST_PLAN: join(dir, 'none.yaml'), REDIS_URL: 'redis://127.0.0.1:1' };
    const { code, out } = await dr(['doctor'], broken);
    expect(code).toBe(1);
    expect(out).toMatch(/WRONG +environment +PORT "door" is not a port/);
    expect(out).toMatch(/WRONG +plan /);
    expect(out).toMatch(/WRONG +Redis +Redis does not answer\./);
    expect(out).toContain('Fix: Start Redis');
    expect(out).toMatch(/\d+ of \d+ WRONG\. Nothing was changed\./);
    const json = await dr(['doctor', '--json'], broken);
    expect(JSON.parse(json.out)).toMatchObject({ state: 'WRONG', exitCode: 1 });
  });

  it('writes a manifest that Slack can read', async () => {
    const socket = await dr(['slack', 'manifest']);
    expect(socket.out).toContain('socket_mode_enabled: true');
    expect(socket.out).not.toContain('request_url');
    const http = await dr(['slack', 'manifest', '--url', 'https://dr.eld.example', '--json']);
    expect(JSON.parse(http.out)).toMatchObject({
      features: { slash_commands: [{ command: '/dr', url: 'https://dr.eld.example/slack/commands' }] },
      settings: { socket_mode_enabled: false, interactivity: { is_enabled: true } },
    });
    expect((await dr(['slack', 'manifest', '--url', 'http://plain.example'])).code).toBe(2);
  });
});
