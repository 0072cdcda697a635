import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Region } from '#core';
import { generateSchema, loadPlan, parsePlan, primaryRegion, regionsWithRole, servingRegions } from '#plan';
import { eldText } from './eld-plan.ts';

const { plan } = parsePlan(eldText, 'plan.yaml');
const region = (name: string) => Region.parse(name);

describe('plan.yaml holds what the source plan asks for', () => {
  it('has its objectives', () => {
    expect(plan.objectives).toEqual({
      rtoMinutes: 240,
      rpoMinutes: 15,
      availabilityPercent: 99.99,
      backupSuccessPercent: 99.9,
      recoverySuccessPercent: 99,
      failoverMinutes: 15,
      dataIntegrityPercent: 100,
    });
  });

  it('has its regions, their roles and failover times', () => {
    expect(primaryRegion(plan)).toBe('us-east-1');
    expect(regionsWithRole(plan, 'hot-standby')).toEqual(['us-west-2']);
    expect(regionsWithRole(plan, 'cold-standby')).toEqual(['eu-west-1']);
    expect(servingRegions(plan)).toEqual(['us-east-1', 'us-west-2']);
    expect(plan.regions[region('us-west-2')]).toMatchObject({ failoverMinutes: 15 });
    expect(plan.regions[region('eu-west-1')]).toMatchObject({ failoverMinutes: 240 });
  });

  it('has its seven components with schedules and retention', () => {
    expect(Object.keys(plan.components)).toEqual([
      'mongodb',
      'application',
      'configuration',
      'code',
      'logs',
      'secrets',
      'user-files',
    ]);
    expect(plan.components['application']).toMatchObject({
      schedules: { full: '0 2 * * 0', incremental: '0 */6 * * *' },
      retention: { days: 30 },
      fullRetention: { days: 90 },
    });
    expect(plan.components['logs']).toMatchObject({ hotRetention: { days: 30 }, retention: { years: 7 } });
    expect(plan.mongodb).toMatchObject({
      continuous: { oplogSizeGb: 50 },
      snapshots: { fullWindow: '03:00-05:00', changes: '0 * * * *' },
      kmsKeyAlias: 'alias/backup-key',
      keys: { earlierAliases: [] },
      retention: { years: 7 },
    });
  });

  it('has its thresholds and five checks', () => {
    expect(plan.thresholds).toEqual({
      consecutiveFailures: 3,
      responseTimeMs: 10_000,
      errorRatePercent: 10,
      availabilityPercent: 95,
      unavailabilitySeconds: 300,
    });
    expect(plan.detection.intervalSeconds).toBe(30);
    expect(plan.detection.checks.map(({ name }) => name)).toEqual([
      'database_connectivity',
      'application_response',
      'external_dependencies',
      'resource_availability',
      'security_posture',
    ]);
  });

  it('has its severities and their timing', () => {
    expect(plan.severities['sev-1']).toMatchObject({
      notifyWithinMinutes: 0,
      escalateAfter: { minutes: 15 },
      respondWithinMinutes: 30,
    });
    expect(plan.severities['sev-2']).toMatchObject({
      notifyWithinMinutes: 60,
      escalateAfter: { minutes: 120 },
      respondWithinMinutes: 240,
    });
    expect(plan.severities['sev-3']).toMatchObject({
      notifyWithinMinutes: 240,
      escalateAfter: 'next-business-day',
      respondWithinMinutes: 1440,
    });
    expect(plan.contacts).toMatchObject({
      hotline: '+1-555-0199',
      pagerdutyService: 'critical_incidents',
      channel: '#incident-response',
    });
  });

  it('has its five roles with primary and backup contact', () => {
    const roles = Object.values(plan.roster.roles).map(({ title, primary, backup }) => [title, primary, backup]);
    expect(roles).toEqual([
      ['Incident Commander', 'john-smith', 'jane-doe'],
      ['Technical Lead', 'mike-johnson', 'sarah-wilson'],
      ['Database Admin', 'alex-chen', 'david-kim'],
      ['Security Lead', 'lisa-brown', 'tom-garcia'],
      ['Communications', 'rachel-green', 'mark-taylor'],
    ]);
  });

  it('asks two roles for every dangerous thing, and never the person who asked', () => {
    for (const name of ['failover', 'failback', 'restore-swap']) {
      expect(plan.approvals[name]).toMatchObject({
        needs: [
          { anyOf: ['incident-commander', 'technical-lead'], people: 1 },
          { anyOf: ['database-admin'], people: 1 },
        ],
        requester: 'excluded',
        expiresAfterMinutes: 15,
      });
    }
    expect(plan.approvals['backup']).toBe('none');
  });

  it('has its recovery tests, reviews, laws and encryption', () => {
    expect(plan.recoveryTests.tests.map(({ name, atLeast }) => [name, atLeast])).toEqual([
      ['backup-restoration', 'weekly'],
      ['recovery-procedures', 'monthly'],
      ['failover', 'quarterly'],
      ['disaster-simulation', 'annually'],
    ]);
    expect(plan.recoveryTests.suites).toHaveLength(6);
    expect(plan.compliance.dataClasses.map(({ law }) => law)).toEqual(['FMCSA', 'GDPR', 'CCPA', 'SOX']);
    expect(plan.encryption).toEqual({ algorithm: 'aes-256-gcm', keyRotationDays: 90, atRest: true, inTransit: true });
    expect(plan.failover.failback.trafficPercent).toEqual([5, 25, 50, 100]);
  });

  it('has no address of a machine and no secret', () => {
    expect(eldText).not.toMatch(/127\.0\.0\.1|localhost|mongodb:\/\/|redis:\/\/|xoxb-|:[0-9]{4,5}\b/);
  });

  it('is what loadPlan reads, twice the same', async () => {
    const first = await loadPlan(new URL('../../plan.yaml', import.meta.url).pathname);
    expect(first.plan).toEqual(plan);
    expect(first.hash).toBe(parsePlan(eldText, 'plan.yaml').hash);
  });
});

describe('plan.schema.json', () => {
  const file = readFileSync(new URL('../../plan.schema.json', import.meta.url), 'utf8');

  it('is what the code generates now (npm run -s plan:schema)', () => {
    expect(file).toBe(`${JSON.stringify(generateSchema(), null, 2)}\n`);
  });

  it('spells keys as the file does and refuses unknown ones', () => {
    const schema = JSON.parse(file);
    expect(schema.properties).toHaveProperty('may_ask');
    expect(schema.required).toContain('recovery_tests');
    expect(schema.additionalProperties).toBe(false);
    expect(file).not.toMatch(/"errorRatePercent"/);
  });
});
