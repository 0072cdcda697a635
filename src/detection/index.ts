/**
 * Detection: probes look, each detector reports what it saw from its region, one of them judges by all reports, and what is
 * wrong becomes findings. Read in this order: probe.ts, run-round.ts, track.ts, report.ts, judge/judge.ts, detector.ts.
 */

export { runDetector } from './detector.ts';
export type { DetectorWorld } from './detector-world.ts';
export { Finding, told } from './finding.ts';
export { readJudgement } from './health-records.ts';
export { type Evidence, Judgement, judge } from './judge/judge.ts';
export type { HealthPart } from './judge/overall.ts';
export type { Vantage } from './judge/vantage.ts';
export { createJudge, type Judge } from './judge-under-lease.ts';
export { keepTime } from './keep-time.ts';
export { beginMaintenance, covering, endMaintenance, type Maintenance, openMaintenance } from './maintenance.ts';
export { type Probe, probeKey, type Seen } from './probe.ts';
export { type Asks, type ProbeParts, probesOf } from './probes-of.ts';
export { Report, readReports, writeReport } from './report.ts';
export { createReporter, STORE_SILENT } from './reporter.ts';
export { createRounds, type Rounds } from './run-round.ts';
export { OVERALL } from './samples.ts';
export { lookForSilence, SILENT } from './silence.ts';
export { Stand, track } from './track.ts';
