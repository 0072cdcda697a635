import { readFile, stat } from 'node:fs/promises';
import { readApprovalKeys } from '#approvals';
import type { Config } from '#config';
import { type Check, wrong } from './check.ts';

/** Keys that are files or variables here; nobody is asked. */
export function keyChecks(config: Config): Check[] {
  return [
    { name: 'approval keys', fix: 'Make a pair: openssl genpkey -algorithm ed25519', look: () => approvalKeys(config) },
    {
      name: 'authenticators',
      fix: '',
      look: async () =>
        config.stepUpKey ? 'HOLDFAST_STEP_UP_KEY is set' : 'not used: HOLDFAST_STEP_UP_KEY is not set',
    },
  ];
}

async function approvalKeys({ approvalKeyPath, approvalPublicKeyPath }: Config): Promise<string> {
  if (approvalKeyPath === undefined && approvalPublicKeyPath === undefined) {
    throw wrong('Neither HOLDFAST_APPROVAL_KEY nor HOLDFAST_APPROVAL_PUBLIC_KEY is set.');
  }
  const read = (path: string | undefined) => (path === undefined ? undefined : pemAt(path));
  const privatePem = await read(approvalKeyPath);
  const publicPem = await read(approvalPublicKeyPath);
  readApprovalKeys({
    ...(privatePem === undefined ? {} : { privatePem }),
    ...(publicPem === undefined ? {} : { publicPem }),
  });
  if (approvalKeyPath && ((await stat(approvalKeyPath)).mode & 0o077) !== 0) {
    throw wrong(
      `Others can read ${approvalKeyPath}: whoever signs with it approves anything.`,
      `chmod 600 ${approvalKeyPath}, and make a new pair if somebody may have read it`,
    );
  }
  return privatePem && publicPem
    ? 'the two belong together'
    : privatePem
      ? 'signs and checks'
      : 'checks only, as a worker does';
}

const pemAt = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch(() => {
    throw wrong(`${path} cannot be read.`);
  });
