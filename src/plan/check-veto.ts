import type { Finding } from './finding.ts';
import type { PlanSections } from './sections.ts';

const PATH = ['detection', 'onBreach', 'vetoMinutes'];

/** A start without approval has to leave people time, and come early enough to be worth it. */
export function checkVeto({ detection, approvals, objectives, thresholds }: PlanSections): Finding[] {
  if (!detection) return [];
  const { failover, vetoMinutes } = detection.onBreach;
  if (failover !== 'veto') {
    return vetoMinutes === undefined ? [] : [mistake('is for failover: veto only.')];
  }
  if (vetoMinutes === undefined) {
    const sentence = 'veto needs veto_minutes: how long people have to hold it.';
    return [{ path: ['detection', 'onBreach', 'failover'], at: 'value', sentence }];
  }
  const policy = approvals?.['failover'];
  if (policy === 'none') return [mistake('has nobody to ask: approvals.failover needs no one.')];
  if (policy && vetoMinutes >= policy.expiresAfterMinutes) {
    return [mistake(`must be shorter than approvals.failover is open (${policy.expiresAfterMinutes} min).`)];
  }
  const target = objectives?.failoverMinutes;
  const seenMinutes = (thresholds?.unavailabilitySeconds ?? 0) / 60;
  if (target !== undefined && seenMinutes + vetoMinutes >= target) {
    const until = `${seenMinutes} min until it is a breach and ${vetoMinutes} min to hold it`;
    return [mistake(`leaves nothing of objectives.failover_minutes (${target}): ${until}.`)];
  }
  return [];
}

const mistake = (sentence: string): Finding => ({ path: PATH, at: 'value', sentence });
