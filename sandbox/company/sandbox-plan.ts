import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { VAULT_NAME } from './aws.ts';

/** A place in plan.yaml, as the file writes it, and what stands there instead. */
export type PlanChange = readonly [path: readonly string[], value: unknown];

/** What differs here from the plan of the real company: waits of minutes would only make a first look tedious. */
const CHANGES: readonly PlanChange[] = [
  [['service', 'dns', 'ttl_seconds'], 2],
  // A lock that nobody can lift would fill a laptop for seven years.
  [['mongodb', 'object_lock'], 'governance'],
  // As large as mongod allows it to be small.
  [['mongodb', 'continuous', 'oplog_size_gb'], 0.9],
  [['mongodb', 'continuous', 'oplog_window_hours'], 0.5],
  [['mongodb', 'kms_key_alias'], `alias/${VAULT_NAME}`],
  [['detection', 'interval_seconds'], 5],
  [['detection', 'probe_timeout_seconds'], 4],
  [['detection', 'silent_after_seconds'], 60],
  [['thresholds', 'unavailability_seconds'], 20],
  [['detection', 'flapping', 'within_minutes'], 0.2],
  [['detection', 'on_breach', 'not_within_minutes'], 1],
  [['severities', 'sev-1', 'escalate_after', 'minutes'], 0.25],
];

/** Writes the sandbox's plan.yaml, made from the one at the root, and returns its path. Comments stay. */
export function writeSandboxPlan(dir: string, more: readonly PlanChange[] = []): string {
  const document = parseDocument(readFileSync(new URL('../../plan.yaml', import.meta.url), 'utf8'));
  for (const [path, value] of [...CHANGES, ...more]) document.setIn(path, value);
  const path = join(dir, 'plan.yaml');
  writeFileSync(path, document.toString());
  return path;
}
