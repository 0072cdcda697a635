import type { Region } from '#core';
import type { CheckName } from '#plan';
import type { Look, ProbeResult } from '#ports';

/** One thing that is looked at every round. */
export interface Probe {
  /** Within its check and region: `members`, `s3`. */
  readonly name: string;
  readonly check: CheckName;
  /** Undefined: it belongs to no region. */
  readonly region?: Region;
  /** What it looks at, as people call it: `database`, `S3`. Stands before "does not answer". */
  readonly subject: string;
  /**
   * `check`: it speaks for its check in its region, together with the others that do. `itself`: what it tells is a finding
   * of its own and never critical: a slow disk must not hide behind a full queue, nor move a region.
   */
  readonly speaksFor: 'check' | 'itself';
  readonly run: Look;
  /** That it does not answer in time is told by another probe: a silence of this one sees nothing. */
  readonly quiet?: true;
}

/** Which probe, the same on every detector: `database_connectivity/us-east-1/members`. */
export const probeKey = ({ check, region, name }: Pick<Probe, 'check' | 'region' | 'name'>): string =>
  [check, region ?? 'everywhere', name].join('/');

/** A probe's answer in a round. */
export interface Seen {
  readonly probe: Probe;
  readonly result: ProbeResult;
  /** How long it took. */
  readonly ms: number;
}
