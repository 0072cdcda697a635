import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { commands } from '#commands';
import { loadConfig, variables } from '#config';

const root = join(import.meta.dirname, '../..');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
const DOCUMENTS = ['README.md', 'docs/operations.md', 'docs/getting-out-of-trouble.md'];

function checkDocs(cwd: string): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/docs.mjs', '--check'], { cwd, timeout: 60_000 }, (error, out, err) => {
      resolve({ code: error ? 1 : 0, out: out + err });
    });
  });
}

describe('what documents say about the code', { timeout: 120_000 }, () => {
  it('is as new as the code', async () => {
    expect(await checkDocs(root)).toEqual({ code: 0, out: '' });
  });

  it('is found out when it is older', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'holdfast-docs-'));
    try {
      const parts = [
        'README.md',
        'docs/operations.md',
        'docs/iam',
        'docs/lifecycle.json',
        'plan.yaml',
        'package.json',
        'scripts/docs.mjs',
      ];
      for (const part of parts) {
        await cp(join(root, part), join(copy, part), { recursive: true });
      }
      for (const part of ['src', 'commands', 'jobs', 'sandbox', 'node_modules']) {
        await symlink(join(root, part), join(copy, part));
      }
      await writeFile(join(copy, 'README.md'), (await read('README.md')).replace('`/dr oncall`', '`/dr onclal`'));
      expect(await checkDocs(copy)).toMatchObject({
        code: 1,
        out: expect.stringContaining('Older than the code: README.md.'),
      });
      // a policy that somebody widened by hand, or that a role left behind
      await writeFile(join(copy, 'README.md'), await read('README.md'));
      const policy = (await read('docs/iam/capture.json')).replace('"kms:Encrypt"', '"kms:*"');
      await writeFile(join(copy, 'docs/iam/capture.json'), policy);
      await writeFile(join(copy, 'docs/iam/everybody.json'), '{}');
      expect(await checkDocs(copy)).toMatchObject({
        code: 1,
        out: expect.stringContaining('Older than the code: docs/iam/capture.json, docs/iam/everybody.json.'),
      });
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });

  it('has every command and every variable', async () => {
    const readme = await read('README.md');
    for (const { name } of commands) expect(readme).toContain(`\`/dr ${name}`);
    const operations = await read('docs/operations.md');
    for (const { env } of Object.values(variables)) expect(operations).toContain(`\`${env}\``);
  });

  it('leads somewhere: every link, and every folder of the map, exists', async () => {
    for (const document of DOCUMENTS) {
      const text = await read(document);
      const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to = '']) => join(dirname(document), to));
      const folders = [...text.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm)]
        .flatMap(([, cell = '']) => [...cell.matchAll(/`([^` ]+\/|[a-z.]+\.yaml)`/g)])
        .map(([, path = '']) => path);
      expect(links.length + folders.length).toBeGreaterThan(0);
      for (const path of [...links, ...folders]) {
        // The picture is made from the running page.
        if (path === 'docs/screenshot.png') continue;
        expect(await stat(join(root, path)).then(() => path), `${document} names ${path}`).toBe(path);
      }
    }
  });

  it('names scripts of package.json only', async () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(await read('package.json')));
    for (const document of DOCUMENTS) {
      for (const [, name = ''] of (await read(document)).matchAll(/npm (?:run (?:-s )?)?([a-z:]+)/g)) {
        expect(Object.keys(scripts), `${document} says npm ${name}`).toContain(name);
      }
    }
    for (const [, file = ''] of Object.values(scripts)
      .join('\n')
      .matchAll(/node ((?:src|scripts)\/\S+)/g)) {
      expect((await stat(join(root, file))).isFile(), file).toBe(true);
    }
  });

  it('has decisions with numbers in a row, each no longer than a page', async () => {
    const { readdir } = await import('node:fs/promises');
    const names = (await readdir(join(root, 'docs/decisions'))).sort();
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1));
    for (const name of names) {
      const text = await read(`docs/decisions/${name}`);
      expect(text).toMatch(new RegExp(`^# ${name.slice(0, 4)}\\. `));
      expect(text.split('\n').length).toBeLessThan(60);
    }
  });
});

const Service = z.object({
  image: z.string().optional(),
  build: z.string().optional(),
  command: z.array(z.string()).min(1),
  depends_on: z.record(z.string(), z.unknown()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
});
const Compose = z.object({ services: z.record(z.string(), Service) });

describe('compose.yaml', () => {
  it('starts roles that exist, beside official images, with variables that are read', async () => {
    const { services } = Compose.parse(parse(await read('compose.yaml'), { merge: true }));
    const main = await read('src/main.ts');
    const known = Object.values(variables).map(({ env }): string => env);
    for (const [name, service] of Object.entries(services)) {
      if (service.build) {
        expect((await stat(join(root, service.build, 'Dockerfile'))).isFile()).toBe(true);
        expect(main).toContain(`case '${service.command[0]}':`);
        for (const variable of Object.keys(service.environment ?? {})) expect(known, name).toContain(variable);
        // what they are given is not refused at start
        expect(() => loadConfig(['mongodbUri', 'controlMongodbUri', 'redisUrl'], service.environment)).not.toThrow();
        for (const needed of Object.keys(service.depends_on ?? {})) expect(Object.keys(services)).toContain(needed);
      } else expect(service.image, name).toMatch(/^(mongo|redis):[0-9]+\.[0-9]+$/);
    }
    expect(Object.keys(services)).toContain('worker');
  });

  it('copies into the image what the roles run', async () => {
    const copied = [...(await read('Dockerfile')).matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, from = '']) =>
      from.split(' '),
    );
    for (const path of copied)
      expect((await stat(join(root, path))).isFile() || (await stat(join(root, path))).isDirectory()).toBe(true);
    expect(copied).toEqual(expect.arrayContaining(['src', 'commands', 'jobs', 'plan.yaml', 'package.json']));
    expect(await read('Dockerfile')).toContain('ENTRYPOINT ["node", "--single-threaded-gc", "src/main.ts"]');
  });
});
