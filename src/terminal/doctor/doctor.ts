import { salvageConfig } from '#config';
import { systemClock } from '#core';
import { loadPlan, type Plan } from '#plan';
import { createClosers } from '../../main/closers.ts';
import { endWithin } from '../end-within.ts';
import type { ExitCode } from '../exit-code.ts';
import type { OwnContext } from '../own-command.ts';
import { createScreen } from '../screen.ts';
import { awsChecks } from './aws-checks.ts';
import { lookAtAll } from './check.ts';
import { clusterChecks } from './cluster-checks.ts';
import { databaseChecks } from './database-checks.ts';
import { environmentFindings, mayAskAws } from './environment.ts';
import { findingLines } from './finding-lines.ts';
import { keyChecks } from './key-checks.ts';
import { leaseChecks } from './lease-checks.ts';
import { otherClusterChecks } from './other-cluster-checks.ts';
import { pagingChecks } from './paging-checks.ts';
import { queueChecks, slackChecks, trafficChecks } from './service-checks.ts';

/**
 * `dr doctor`: everything Holdfast stands on, each OK or WRONG with the way out. Works while Holdfast's own settings are
 * broken: what is wrong is told, and the rest is looked at. Exit code 0 only when all is OK.
 */
export async function runDoctor({ options, out }: OwnContext): Promise<ExitCode> {
  const { config, mistakes } = salvageConfig();
  const closers = createClosers();
  const screen = createScreen({ json: options.json, timeZone: 'UTC', name: String, out });
  try {
    const read = await loadPlan(config.planPath).then(
      ({ plan }) => ({ plan, wrong: undefined }),
      (thrown: unknown) => ({ plan: undefined, wrong: thrown }),
    );
    const checks = [
      ...keyChecks(config),
      ...databaseChecks(config, read.plan, closers),
      ...queueChecks(config, closers),
      ...slackChecks(config),
      ...pagingChecks(config),
      ...(read.plan ? checksOfPlan(read.plan) : []),
    ];
    const findings = [...environmentFindings(config, mistakes, read), ...(await lookAtAll(checks, systemClock))];
    const wrong = findings.filter(({ state }) => state === 'WRONG').length;
    const exitCode = wrong === 0 ? 0 : 1;
    screen.say(findingLines(findings, out.columns ?? 80), { state: wrong === 0 ? 'OK' : 'WRONG', exitCode });
    return exitCode;
  } finally {
    await endWithin(closers.close(), 1_000);
  }

  function checksOfPlan(plan: Plan) {
    const aws = mayAskAws(mistakes) ? awsChecks(config, plan, closers) : [];
    return [
      ...aws,
      ...clusterChecks(config, plan),
      ...otherClusterChecks(config, plan),
      ...trafficChecks(config, plan),
      ...leaseChecks(config, plan, closers),
    ];
  }
}
