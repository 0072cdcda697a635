import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = dirname(import.meta.dirname);
const CRUISER = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

const Result = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

const Law = z.object({
  levels: z.array(z.array(z.string())),
  default: z.object({ forbidden: z.array(z.object({ name: z.string() })) }),
});

/** Runs the law on the folders of `cwd`. It ends non-zero when it finds something; the JSON is there all the same. */
async function law(cwd: string, folders: readonly string[]) {
  const args = [CRUISER, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 256e6 }, (_error, stdout) => resolve(stdout));
  });
  return Result.parse(JSON.parse(output)).summary;
}

/** A small house of its own with the real law, compiler settings and aliases, so that planting touches nobody's files. */
async function houseWith(files: Record<string, string>): Promise<string> {
  const house = await mkdtemp(join(tmpdir(), 'holdfast-law-'));
  houses.push(house);
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json']) {
    await copyFile(join(root, file), join(house, file));
  }
  const door = 'export const here = 1;\n';
  const standing = {
    'node_modules/mongodb/package.json': '{"name":"mongodb","version":"7.9.0","main":"index.js"}',
    'node_modules/mongodb/index.js': 'exports.MongoClient = class {};\n',
    ...Object.fromEntries(['core', 'ports', 'vault', 'capture', 'flows'].map((room) => [`src/${room}/index.ts`, door])),
    'src/vault/inner.ts': door,
    'src/adapters/mongodb/index.ts': `import { MongoClient } from 'mongodb';\nimport { here } from '#ports';\nexport const made = [MongoClient, here];\n`,
    // closes the ring that ring-a opens, by a type only; a ring is reported once
    'src/capture/ring-b.ts': `export type { A } from './ring-a.ts';\n`,
    'src/capture/ring-a.ts': 'export type A = 1;\n',
    'commands/index.ts': `import { here } from '#flows';\nimport { job } from '#jobs';\nexport const command = [here, job];\n`,
    'jobs/index.ts': `import { here } from '#capture';\nexport const job = here;\n`,
    'sandbox/index.ts': `import { here } from '#vault';\nexport const sandbox = here;\n`,
  };
  for (const [path, text] of Object.entries({ ...standing, ...files })) {
    await mkdir(dirname(join(house, path)), { recursive: true });
    await writeFile(join(house, path), text);
  }
  return house;
}

const houses: string[] = [];
afterAll(async () => {
  for (const house of houses) await rm(house, { recursive: true, force: true });
});

const planted: Record<string, { rule: string; text: string }> = {
  'src/core/up.ts': { rule: 'core-imports-nothing-above-or-beside-it', text: `import '#ports';` },
  'src/core/up-by-type.ts': {
    rule: 'core-imports-nothing-above-or-beside-it',
    text: `import type { here } from '#ports';\nexport type Here = typeof here;`,
  },
  'src/vault/up.ts': { rule: 'vault-imports-nothing-above-or-beside-it', text: `import '#flows';` },
  'src/vault/adapter.ts': { rule: 'vault-imports-nothing-above-or-beside-it', text: `import '#adapters/mongodb';` },
  'src/capture/back-door.ts': { rule: 'vault-is-entered-by-its-door', text: `import '../vault/inner.ts';` },
  'sandbox/back-door.ts': { rule: 'vault-is-entered-by-its-door', text: `import '../src/vault/inner.ts';` },
  'src/flows/knows-jobs.ts': { rule: 'rooms-do-not-know-commands-or-jobs', text: `import '#jobs';` },
  'jobs/knows-commands.ts': { rule: 'jobs-do-not-know-commands', text: `import '#commands';` },
  'commands/knows-adapters.ts': { rule: 'commands-and-jobs-do-not-know-adapters', text: `import '#adapters/mongodb';` },
  'src/adapters/mongodb/knows-a-room.ts': { rule: 'adapters-know-ports-core-config-only', text: `import '#vault';` },
  'src/capture/sdk.ts': { rule: 'sdks-only-in-adapters-main-and-sandbox', text: `import 'mongodb';` },
  'jobs/knows-sandbox.ts': { rule: 'production-does-not-know-sandbox-or-tests', text: `import '../sandbox/index.ts';` },
  'src/capture/ring-a.ts': {
    rule: 'no-cycles',
    text: `import type { A as B } from './ring-b.ts';\nexport type A = B;`,
  },
  'src/capture/lost.ts': { rule: 'everything-resolves', text: `import './nowhere.ts';` },
};

describe('the import law', () => {
  it('holds for the whole house, and has looked at it', async () => {
    const { scripts } = z
      .object({ scripts: z.object({ law: z.string() }) })
      .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
    const folders = scripts.law.split(' ').slice(3);
    const { totalCruised, violations } = await law(root, folders);
    expect(violations).toEqual([]);
    // a cruiser that can't read this TypeScript sees no module and is content
    expect(totalCruised).toBeGreaterThan(50);
  });

  const folders = ['src', 'commands', 'jobs', 'sandbox'];
  it('lets pass what is allowed', async () => {
    const { totalCruised, violations } = await law(await houseWith({}), folders);
    expect(violations).toEqual([]);
    expect(totalCruised).toBeGreaterThan(8);
  });

  it('catches one planted breach of every kind, and nothing beside them', async () => {
    const house = await houseWith(Object.fromEntries(Object.entries(planted).map(([path, { text }]) => [path, text])));
    const { violations } = await law(house, folders);
    const caught = [...new Set(violations.map(({ from, rule }) => `${from}: ${rule.name}`))].sort();
    expect(caught).toEqual(
      Object.entries(planted)
        .map(([path, { rule }]) => `${path}: ${rule}`)
        .sort(),
    );
  });

  it('has no rule that nothing was planted for', async () => {
    const { default: config, levels } = Law.parse(await import(join(root, '.dependency-cruiser.mjs')));
    const kindOf = (name: string) => {
      for (const room of levels.flat()) {
        if (name === `${room}-imports-nothing-above-or-beside-it`) return 'upward';
        if (name === `${room}-is-entered-by-its-door`) return 'door';
      }
      return name;
    };
    const rules = new Set(config.forbidden.map((rule) => kindOf(rule.name)));
    const kinds = new Set(Object.values(planted).map(({ rule }) => kindOf(rule)));
    expect([...kinds].sort()).toEqual([...rules].sort());
  });
});
