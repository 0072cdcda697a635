import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { COLD_REGION, ELD_REGIONS, type EldLeases } from '#sandbox/eld';
import { keptPorts } from './kept-ports.ts';
import type { RoleSpec } from './roles.ts';

/** Where the service's instances renew their regions' leases: at every detector there is, or nowhere. */
export interface CompanyLeases {
  /** Undefined without a detector: nobody could renew, so instances write without. */
  readonly eld: EldLeases | undefined;
  /** Where detectors listen for renewals. */
  readonly listens: readonly { readonly region: string; readonly port: number }[];
  /** What a process of Holdfast has besides. */
  readonly envOf: (spec: Pick<RoleSpec, 'role' | 'region'>) => Readonly<Record<string, string>>;
}

const renews = ({ role }: Pick<RoleSpec, 'role'>): boolean => role === 'detector' || role === 'all';

/** Ports and secrets for leases; a second start goes on at the same addresses. */
export async function companyLeases(dir: string, roles: readonly RoleSpec[]): Promise<CompanyLeases> {
  const nameOf = ({ role, region }: Pick<RoleSpec, 'role' | 'region'>): string => `${role}/${region}`;
  const places = roles.filter(renews);
  if (places.length === 0) return { eld: undefined, listens: [], envOf: () => ({}) };
  const port = await keptPorts(join(dir, 'lease-ports.json'), places.map(nameOf));
  const secrets = Object.fromEntries(
    [...ELD_REGIONS, COLD_REGION].map(({ region }) => [region, randomBytes(24).toString('base64url')]),
  );
  const list = Object.entries(secrets).map(([region, secret]) => `${region}=${secret}`);
  return {
    eld: { urls: places.map((spec) => `http://127.0.0.1:${port(nameOf(spec))}`), secrets },
    listens: places.map((spec) => ({ region: spec.region, port: port(nameOf(spec)) })),
    envOf: (spec) =>
      renews(spec) ? { HOLDFAST_LEASE_PORT: String(port(nameOf(spec))), HOLDFAST_LEASE_SECRETS: list.join() } : {},
  };
}
