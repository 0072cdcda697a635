import { describe, expect, it } from 'vitest';
import { describePlanDifference, parsePlan, sayDifference } from '#plan';
import { edited, eldText } from './eld-plan.ts';

const eld = parsePlan(eldText, 'plan.yaml');

describe('two plans', () => {
  it('differ where they say something else, by the path of the file', () => {
    const other = parsePlan(
      edited(
        ['error_rate_percent: 10', 'error_rate_percent: 5'],
        ['[5, 25, 50, 100]', '[10, 100]'],
        ['      backup: mark-taylor\n', ''],
      ),
      'plan.yaml',
    );
    expect(describePlanDifference(eld.plan, other.plan).map(sayDifference)).toEqual([
      'failover.failback.traffic_percent: "[5,25,50,100]" -> "[10,100]"',
      'thresholds.error_rate_percent: 10 -> 5',
      'roster.roles.communications.backup: mark-taylor -> nothing',
    ]);
    expect(other.hash).not.toBe(eld.hash);
  });

  it('are the same whatever the comments, the order of keys and the spacing', () => {
    const other = parsePlan(
      `# another comment\n${edited(['  rto_minutes: 240\n  rpo_minutes: 15\n', '  rpo_minutes:   15\n  rto_minutes: 240\n'])}`,
      'plan.yaml',
    );
    expect(other.hash).toBe(eld.hash);
    expect(describePlanDifference(eld.plan, other.plan)).toEqual([]);
  });
});
