import type { HealthCheckConfig } from '@aws-sdk/client-route-53';
import { expect, test } from 'vitest';
import { isHealthy } from '../../../sandbox/eld/drivers/health-checks.ts';

const service: HealthCheckConfig = { Type: 'HTTP' };
const watching: HealthCheckConfig = { Type: 'HTTP_STR_MATCH', Inverted: true };
const both = (more: Partial<HealthCheckConfig> = {}): HealthCheckConfig => ({
  Type: 'CALCULATED',
  ChildHealthChecks: ['service', 'watching'],
  HealthThreshold: 2,
  ...more,
});
const healthy = (calculated: HealthCheckConfig, seen: Readonly<Record<string, boolean>>): boolean =>
  isHealthy(
    'both',
    new Map([
      ['service', service],
      ['watching', watching],
      ['both', calculated],
    ]),
    (id) => seen[id],
  );

test('a region is healthy while its service is well and its switch is not thrown; neither outvotes the other', () => {
  expect(healthy(both(), {})).toBe(true);
  expect(healthy(both(), { service: true, watching: false })).toBe(true);
  expect(healthy(both(), { service: true, watching: true })).toBe(false);
  expect(healthy(both(), { service: false, watching: false })).toBe(false);
});

test('calculated checks count as Route 53 counts: 0 of them is always healthy, more than there are never, inverted the opposite', () => {
  const allSick = { service: false, watching: true };
  expect(healthy(both({ HealthThreshold: 0 }), allSick)).toBe(true);
  expect(healthy(both({ HealthThreshold: 3 }), {})).toBe(false);
  expect(healthy(both({ HealthThreshold: 1 }), { service: false })).toBe(true);
  expect(healthy(both({ Inverted: true }), allSick)).toBe(true);
  expect(healthy(both({ Disabled: true }), allSick)).toBe(true);
});
