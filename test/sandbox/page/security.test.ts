import { request } from 'node:http';
import { fetch } from 'undici';
import { describe, expect, it } from 'vitest';
import { scene } from './harness.ts';

/** A request with headers a browser would not let a page set. */
function ask(url: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('the sandbox page answers this machine only', () => {
  it('checks Host and Origin on every request, and takes changes as JSON alone', async () => {
    const { page, broken } = await scene();
    const host = new URL(page.url).host;
    const act = `${page.url}/api/break`;
    const json = { 'content-type': 'application/json' };
    expect(await ask(page.url, {})).toBe(200);
    expect(await ask(page.url, { host: 'elsewhere.example' })).toBe(403);
    expect(await ask(`${page.url}/api/setup`, { origin: 'https://elsewhere.example' })).toBe(403);
    expect(await ask(act, { ...json, origin: 'https://elsewhere.example' }, 'POST', '{"id":"kill"}')).toBe(403);
    expect(await ask(act, { ...json, 'sec-fetch-site': 'cross-site' }, 'POST', '{"id":"kill"}')).toBe(403);
    expect(await ask(act, { 'content-type': 'text/plain' }, 'POST', '{"id":"kill"}')).toBe(415);
    expect(broken).toEqual([]);
    expect(await ask(act, { ...json, origin: `http://${host}` }, 'POST', '{"id":"kill"}')).toBe(200);
    expect(broken).toEqual(['kill']);
    expect(await ask(act, json, 'POST', '{"id":"rm -rf"}')).toBe(404);
    expect(await ask(`${page.url}/api/stream?as=U0NOBODY`, {})).toBe(404);
  });

  it('forbids everything from elsewhere by its policy', async () => {
    const { page } = await scene();
    const response = await fetch(page.url);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(await response.text()).not.toMatch(/https?:\/\//);
  });
});
