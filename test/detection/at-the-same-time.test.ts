import { expect, test } from 'vitest';
import type { Region } from '#core';
import { type Probe, told } from '#detection';
import { EAST, EU, FAILED, moment, type Sees, WEST, watchFor } from './reports.ts';

const isEast = ({ region }: Probe): boolean => region === EAST;
const withoutEast = (from: Region): boolean => from !== EAST;
const SLACK = 'external_dependencies/slack';

/** us-east-1 dies at 60 s and lives again at 600 s; what everybody needs falls silent after so many seconds. */
const eastDies =
  (slackFrom: number, slackUntil = 600): Sees =>
  (_from, probe, at) => {
    const [from, until] = probe.name === 'slack' ? [slackFrom, slackUntil] : [60, 600];
    return (isEast(probe) || probe.name === 'slack') && at >= moment(from) && at < moment(until)
      ? FAILED(`${probe.name} does not answer`)
      : undefined;
  };

test('what lies nowhere and falls silent with a region is told as part of its loss, and nobody is called for it', () => {
  const { judgements, finding } = watchFor({ seconds: 300, sees: eastDies(75), reports: withoutEast });
  expect(finding(SLACK)).toMatchObject({ state: 'failing', consequenceOf: 'region/us-east-1' });
  const ever = judgements.flatMap(({ findings }) => told(findings).filter(({ state }) => state === 'failing'));
  expect([...new Set(ever.map(({ key }) => key))]).toEqual(['region/us-east-1']);
});

test('what fell silent long before, or goes on when the region is back, is a trouble of its own', () => {
  const { firstAt } = watchFor({ seconds: 300, sees: eastDies(240), reports: withoutEast });
  expect(firstAt(SLACK, ({ consequenceOf }) => consequenceOf !== undefined)).toBeUndefined();
  const after = watchFor({ seconds: 1_000, sees: eastDies(60, 2_000), reports: withoutEast });
  expect(after.finding('region/us-east-1')).toMatchObject({ state: 'well' });
  const isOwn = after.firstAt(SLACK, ({ state, consequenceOf }) => state === 'failing' && !consequenceOf) ?? 0;
  expect(isOwn).toBeGreaterThan(600);
  expect(after.finding(SLACK)?.consequenceOf).toBeUndefined();
});

test('a region comes back a part at a time, and nobody is called for the parts', () => {
  const { judgements } = watchFor({
    seconds: 900,
    // its stores follow a minute after its database and service
    sees: (from, probe, at) =>
      eastDies(5_000)(
        from,
        probe,
        ['s3', 'kms'].includes(probe.name) && at >= moment(60) && at < moment(660) ? moment(60) : at,
      ),
    reports: (from, at) => withoutEast(from) || at < moment(60) || at >= moment(600),
  });
  const back = judgements.filter(({ at }) => at >= moment(600));
  const called = back.flatMap(({ findings }) => told(findings).filter(({ state }) => state === 'failing'));
  expect([...new Set(called.map(({ key }) => key))]).toEqual(['region/us-east-1']);
});

test('the last to see something well again is not alone with it for as long as it had failed', () => {
  const healed = (from: Region) => moment(from === EU ? 600 : 630);
  const { judgements } = watchFor({
    seconds: 900,
    sees: (from, probe, at) =>
      probe.name === 'slack' && at >= moment(60) && at < healed(from) ? FAILED('slack does not answer') : undefined,
    from: [WEST, EU],
  });
  const keys = judgements.flatMap(({ findings }) => findings.map(({ key }) => key));
  expect(keys).toContain(SLACK);
  expect(keys.filter((key) => key.endsWith('/alone'))).toEqual([]);
});
