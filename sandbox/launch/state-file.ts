import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Company } from '#sandbox/company';

/** `.sandbox/state.json`: where everything is, while it runs. */
export const SandboxState = z.object({
  /** The process that must be alive for the rest to be true. */
  pid: z.number().int(),
  startedAt: z.iso.datetime(),
  page: z.url(),
  /** For people: one address a thing. */
  addresses: z.record(z.string(), z.string()),
  /** What a terminal needs besides its own: `scripts/dr.mjs` adds it. */
  environment: z.record(z.string(), z.string()),
});
export type SandboxState = z.output<typeof SandboxState>;

const pathIn = (folder: string): string => join(folder, 'state.json');

/** Writes it whole or not at all, readable by its owner only: it has passwords of the sandbox's databases in it. */
export function writeState(folder: string, page: string, company: Company): void {
  const state: SandboxState = {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    page,
    addresses: addressesOf(company),
    environment: { ...company.env },
  };
  const path = pathIn(folder);
  writeFileSync(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function readState(folder: string): SandboxState | undefined {
  try {
    return SandboxState.parse(JSON.parse(readFileSync(pathIn(folder), 'utf8')));
  } catch {
    return undefined;
  }
}

export const removeState = (folder: string): void => rmSync(pathIn(folder), { force: true });

function addressesOf({ databases, aws, redis, slack, eld, dir }: Company): Record<string, string> {
  return {
    mongodb: databases.eld.uri('root'),
    controlMongodb: databases.control.uri('root'),
    ...Object.fromEntries(databases.eld.members.map(({ name, host }) => [`mongod ${name}`, host])),
    ...Object.fromEntries(
      Object.entries(aws.gateways).map(([region, { endpoint }]) => [`s3 and kms ${region}`, endpoint]),
    ),
    route53: aws.dns.endpoint,
    redis: redis.url,
    slackApi: slack.apiUrl,
    slackControl: slack.controlUrl,
    ...Object.fromEntries(eld.kubernetes.clusters.map(({ region, server }) => [`kubernetes ${region}`, server])),
    ...Object.fromEntries(eld.kubernetes.clusters.map(({ region, serviceUrl }) => [`eld-api ${region}`, serviceUrl])),
    drivers: eld.drivers.url,
    logs: join(dir, 'logs'),
  };
}
