import { fileURLToPath } from 'node:url';
import type { Place } from '#sandbox/servers';
import { MEMORY_ENV, MEMORY_FLAGS } from '../memory-env.ts';
import { type Supervised, supervise } from '../supervise.ts';
import { EAST, EU, type SandboxRegion, WEST } from './regions.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** A process of Holdfast: which role, where. */
export interface RoleSpec {
  readonly role: 'bot' | 'worker' | 'detector' | 'all';
  readonly region: SandboxRegion;
}

/**
 * Both regions can do everything, so that either can be lost; and a third looks at them, so that two still do then.
 */
export const ROLES: readonly RoleSpec[] = [
  { role: 'all', region: EAST },
  { role: 'all', region: WEST },
  { role: 'detector', region: EU },
];

/** Holdfast's processes, supervised: one that ends comes back, as any orchestrator would have it. */
export function holdfastRoles(
  roles: readonly RoleSpec[],
  env: Readonly<Record<string, string>>,
  dir: string,
  own: (spec: RoleSpec) => Readonly<Record<string, string>>,
  place?: (region: string) => Place,
): Supervised[] {
  return roles.map(({ role, region }) =>
    supervise(
      {
        name: `holdfast-${role}-${region}`,
        region,
        args: [...MEMORY_FLAGS, MAIN, role],
        ...(place === undefined ? {} : { place: place(region) }),
        env: {
          ...env,
          ...MEMORY_ENV,
          HOLDFAST_REGION: region,
          ...own({ role, region }),
          HOLDFAST_SPOOL_DIR: `${dir}/spool-${role}-${region}`,
        },
        restart: { kind: 'always', delayMs: 500, maxDelayMs: 10_000 },
      },
      `${dir}/logs`,
    ),
  );
}
