import { describe, expect, it } from 'vitest';
import { MaintenanceId, PersonId, type Region } from '#core';
import { type Maintenance, type Probe, told } from '#detection';
import { plainText } from '#record';
import { eldPlan } from '../support/eld-plan.ts';
import { EAST, EU, FAILED, moment, type Sees, UNSEEN, WEST, watchFor } from './reports.ts';

const failing = ({ state }: { state: string }): boolean => state === 'failing';
const isIn =
  (region: Region, ...names: string[]) =>
  (probe: Probe) =>
    probe.region === region && (names.length === 0 || names.includes(probe.name));
/** Everything of a region fails for everybody from 60 s on, and its own detector is gone with it. */
const eastDies: Sees = (_from, probe, at) =>
  at < moment(60)
    ? undefined
    : isIn(EAST)(probe)
      ? FAILED(probe.name === 'members' ? 'database does not answer' : `${probe.name} does not answer`)
      : probe.name === 'primary' || isIn(WEST, 'http')(probe)
        ? FAILED('database has no primary', { where: EAST })
        : undefined;
const withoutEast = (from: Region, at: Date): boolean => from !== EAST || at < moment(60);

describe('the judgement', () => {
  it('has nothing to say while all is well, and the whole is 100 %', () => {
    const { last, judgements } = watchFor({ seconds: 300, sees: () => undefined });
    expect(judgements.every(({ findings }) => findings.length === 0)).toBe(true);
    expect(last.overall).toBe(100);
    expect(last.vantage.map(({ region, state }) => `${region} ${state}`)).toEqual([
      'eu-west-1 seeing',
      'us-east-1 seeing',
      'us-west-2 seeing',
    ]);
  });

  it('calls people after three failed checks in a row, seen from two regions, and never before', () => {
    const { firstAt, finding } = watchFor({
      seconds: 200,
      sees: (_from, probe, at) =>
        isIn(EAST, 'http')(probe) && at >= moment(60) ? FAILED('ELD answers 503') : undefined,
    });
    const found = firstAt('application_response/us-east-1', failing) ?? 0;
    // the first failure at 60 s, the third at 120 s by the first detector, and 7 s later by the second
    expect(found).toBe(127);
    expect(finding('application_response/us-east-1')).toMatchObject({
      title: 'us-east-1 ELD answers 503',
      since: moment(60),
      severity: 'sev-1',
      role: 'technical-lead',
      critical: true,
      seenBy: [EU, EAST, WEST],
      next: '/dr health --region us-east-1',
    });
  });

  it('two failed checks wake nobody', () => {
    const { judgements } = watchFor({
      seconds: 300,
      sees: (_from, probe, at) =>
        isIn(EAST, 'http')(probe) && at >= moment(60) && at < moment(120) ? FAILED('x') : undefined,
    });
    expect(judgements.flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('makes one finding of a dead region, whatever fails with it', () => {
    const { last, finding, judgements } = watchFor({ seconds: 240, sees: eastDies, reports: withoutEast });
    const alone = last.findings.filter((each) => failing(each) && each.consequenceOf === undefined);
    expect(alone.map(({ key }) => key)).toEqual(['region/us-east-1']);
    expect(finding('region/us-east-1')).toMatchObject({
      title: 'us-east-1 is down',
      since: moment(60 + 7),
      seenBy: [EU, WEST],
      critical: true,
      next: '/dr failover us-west-2 --dry-run',
    });
    const consequences = last.findings.flatMap((each) => (each.consequenceOf === 'region/us-east-1' ? [each.key] : []));
    expect(consequences.sort()).toEqual([
      'application_response/us-east-1',
      'application_response/us-west-2',
      'database_connectivity',
      'database_connectivity/us-east-1',
      'detectors/us-east-1',
      'external_dependencies/us-east-1/kms',
      'external_dependencies/us-east-1/s3',
      'resource_availability/us-east-1/disk',
    ]);
    // and at no moment on the way was more told than that
    for (const judgement of judgements) {
      const toldNow = told(judgement.findings).filter(failing);
      expect(toldNow.length, toldNow.map(({ key }) => key).join(', ')).toBeLessThanOrEqual(1);
    }
  });

  it('says what still answers in a region whose critical checks fail', () => {
    const { finding } = watchFor({
      seconds: 240,
      sees: (_from, probe, at) =>
        isIn(EAST, 'http', 'members')(probe) && at >= moment(60) ? FAILED(`${probe.name} is gone`) : undefined,
    });
    const cause = plainText(finding('region/us-east-1')?.cause ?? [], String, moment(240));
    expect(cause).toContain('Still answering there: s3, kms.');
  });

  it('says that a region looks well to its own detector, and counts it as dead all the same', () => {
    const { finding } = watchFor({
      seconds: 240,
      sees: (from, probe, at) => (from !== EAST && isIn(EAST)(probe) && at >= moment(60) ? FAILED('x') : undefined),
    });
    const cause = plainText(finding('region/us-east-1')?.cause ?? [], String, moment(240));
    expect(cause).toContain('Its own detector sees it well: it may be cut off, not dead.');
  });

  it('two detectors, one cut off: no region is dead, and what one sees alone is a finding of its own', () => {
    const { last, finding } = watchFor({
      seconds: 400,
      from: [EAST, WEST],
      sees: (from, probe, at) =>
        from === WEST && at >= moment(60) && probe.region !== WEST ? FAILED('does not answer') : undefined,
    });
    const found = last.findings.filter(failing).map(({ key }) => key);
    expect(found).toEqual(['detectors/us-west-2/alone']);
    expect(finding('detectors/us-west-2/alone')).toMatchObject({ critical: false, breach: false, seenBy: [WEST] });
  });

  it('a detector that is alone calls people, and never for a failover', () => {
    const { finding } = watchFor({
      seconds: 900,
      from: [WEST],
      sees: (_from, probe, at) => (isIn(EAST)(probe) && at >= moment(60) ? FAILED('does not answer') : undefined),
    });
    expect(finding('application_response/us-east-1')).toMatchObject({
      state: 'failing',
      breach: false,
      seenBy: [WEST],
    });
    expect(finding('region/us-east-1')).toBeUndefined();
  });

  it('a silent detector is a finding of its own after two minutes, and has no voice before', () => {
    const { firstAt, last } = watchFor({
      seconds: 400,
      sees: (from, probe) => (from === EU && probe.name === 'primary' ? FAILED('database has no primary') : undefined),
      reports: (from, at) => from !== EU || at < moment(60),
    });
    const found = firstAt('detectors/eu-west-1', failing) ?? 0;
    expect(found).toBeGreaterThan(44 + 120);
    expect(found).toBeLessThan(44 + 120 + 31);
    expect(last.findings.filter(failing).map(({ key }) => key)).toEqual(['detectors/eu-west-1']);
  });

  it('when nobody sees any more, what failed is not known: neither well nor failing', () => {
    const { finding, last } = watchFor({
      seconds: 500,
      sees: (_from, probe, at) => (isIn(EAST, 'http')(probe) && at >= moment(60) ? FAILED('x') : undefined),
      reports: (_from, at) => at < moment(250),
    });
    expect(finding('application_response/us-east-1')).toMatchObject({ state: 'unknown', breach: false });
    expect(last.overall).toBeUndefined();
  });

  it('what can not be looked at is unknown: no finding, and no part of the whole', () => {
    const { last } = watchFor({ seconds: 300, sees: (_from, probe) => (probe.name === 'logins' ? UNSEEN : undefined) });
    expect(last.findings).toEqual([]);
    expect(last.parts.find(({ check }) => check === 'security_posture')).toMatchObject({ well: 0, unseen: 1 });
    expect(last.parts.find(({ check }) => check === 'security_posture')?.percent).toBeUndefined();
    expect(last.overall).toBe(100);
  });

  it('is well again after two well checks, and says so for an hour', () => {
    const { firstAt, judgements } = watchFor({
      seconds: 5_000,
      sees: (_from, probe, at) =>
        probe.name === 'slack' && at >= moment(60) && at < moment(300) ? FAILED('Slack does not answer') : undefined,
    });
    const key = 'external_dependencies/slack';
    expect(firstAt(key, ({ state }) => state === 'well')).toBe(337);
    const wells = judgements.filter(({ findings }) =>
      findings.some((each) => each.key === key && each.state === 'well'),
    );
    expect(wells.at(-1)?.at.getTime()).toBeGreaterThan(moment(337 + 3_500).getTime());
    expect(judgements.at(-1)?.findings).toEqual([]);
  });

  it('what comes and goes is one finding until it is calm for as long as the plan says', () => {
    const key = 'external_dependencies/us-east-1/s3';
    const { judgements } = watchFor({
      seconds: 3_600,
      sees: (_from, probe, at) => {
        const second = (at.getTime() - moment(0).getTime()) / 1_000;
        const isDown = second >= 60 && second < 1_500 && Math.floor(second / 150) % 2 === 0;
        return isIn(EAST, 's3')(probe) && isDown ? FAILED('S3 does not answer') : undefined;
      },
    });
    const states = judgements.flatMap(({ findings }) => findings.find((each) => each.key === key)?.state ?? []);
    const changes = states.filter((state, index) => state !== states[index - 1]);
    // twice it was believed; from the fourth change on it stays one finding, until 15 minutes were calm
    expect(changes).toEqual(['failing', 'well', 'failing', 'well']);
    const calm = judgements.findLast(({ findings }) => findings.some((each) => each.key === key && failing(each)));
    expect((calm?.at.getTime() ?? 0) - moment(1_350).getTime()).toBeGreaterThan(15 * 60_000);
  });
});

describe('a breach', () => {
  const httpDies: Sees = (_from, probe, at) =>
    isIn(EAST, 'http')(probe) && at >= moment(60) ? FAILED('x') : undefined;
  const breached = ({ breach }: { breach: boolean }): boolean => breach;

  it('comes at once where it brings the whole below the plan, and after 300 s where it does not', () => {
    expect(watchFor({ seconds: 600, sees: httpDies }).firstAt('application_response/us-east-1', breached)).toBe(127);
    const generous = { ...eldPlan, thresholds: { ...eldPlan.thresholds, availabilityPercent: 50 } };
    const { firstAt } = watchFor({ seconds: 600, sees: httpDies, plan: generous });
    expect(firstAt('application_response/us-east-1', breached)).toBe(360);
  });

  it('never comes of what is not critical, however much of it fails and however long', () => {
    const { judgements } = watchFor({
      seconds: 2_000,
      sees: (_from, probe) =>
        ['external_dependencies', 'resource_availability', 'security_posture'].includes(probe.check)
          ? FAILED('x', { hostile: true })
          : undefined,
    });
    expect(judgements.flatMap(({ findings }) => findings).some(breached)).toBe(false);
    expect(judgements.at(-1)?.overall).toBeLessThan(95);
  });
});

describe('maintenance', () => {
  const window = (of: string): Maintenance => ({
    id: MaintenanceId.parse('M-3'),
    of: of as Region,
    by: PersonId.parse('alex-chen'),
    why: 'index build',
    from: moment(0),
    until: moment(300),
  });

  it.each(['us-east-1', 'application_response'])('of %s silences what is found about it, and shows it', (of) => {
    const { judgements, firstAt } = watchFor({
      seconds: 420,
      sees: (_from, probe, at) => (isIn(EAST, 'http')(probe) && at >= moment(60) ? FAILED('x') : undefined),
      maintenance: [window(of)],
    });
    const during = judgements.filter(({ at }) => at < moment(300));
    const key = 'application_response/us-east-1';
    expect(during.at(-1)?.findings.find((each) => each.key === key)).toMatchObject({
      state: 'failing',
      silencedBy: 'M-3',
      breach: false,
    });
    expect(during.flatMap(({ findings }) => told(findings)).some(failing)).toBe(false);
    expect(during.at(-1)?.overall).toBe(100);
    // and when it is over, what still fails is told at once
    expect(firstAt(key, (each) => each.silencedBy === undefined && each.breach)).toBe(300);
  });
});
