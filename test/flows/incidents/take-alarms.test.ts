import { describe, expect, it } from 'vitest';
import { keepRule, type Rule, tellAlarms } from '#alarms';
import { RequestId } from '#core';
import { judge, type Report, told, track } from '#detection';
import { noteGivenUp, openGivenUpRegions } from '#failover';
import { isToldAsAlarm, takeAlarms } from '#flows';
import { ALARM_TOPICS, alarmLooks } from '../../../src/detection/looks/alarms.ts';
import { unitLine } from '../../../src/flows/health/unit-lines.ts';
import { EAST, incidentBench, MINUTE, WEST } from './incident-bench.ts';

/** A rule of this name that sees what it is told to see, raised and ended at once. */
const ruleOf = (name: string, key: string, isBad: () => boolean): Rule => ({
  ...{ name, about: 'a thing', everyMs: 1_000, raiseAfterMs: 0, overAfterMs: 0 },
  look: async () =>
    isBad()
      ? [
          {
            key,
            state: 'bad',
            title: 'The last backup failed',
            cause: ['R-7: refused.'],
            effect: ['Older ones stay.'],
            next: '/dr show R-7',
            numbers: {},
            mark: 'x',
          },
        ]
      : [{ key, state: 'good' }],
});

function alarming(name = 'backup-failed', key = name) {
  const bench = incidentBench();
  let bad = true;
  const rule = ruleOf(name, key, () => bad);
  const { store, timeline } = bench.flow;
  const look = async (isBad: boolean) => {
    bad = isBad;
    await keepRule(store, rule);
    await tellAlarms(store, timeline, isToldAsAlarm);
    await takeAlarms(bench.flow);
  };
  const lines = async () =>
    (await timeline.read({ inThread: true, limit: 100 })).map(({ thread, kind }) => `${thread} ${kind}`);
  return { ...bench, look, lines, ...detectors(bench, store) };
}

/** Detectors of two regions that look at this rule's alarms three times. */
function detectors({ flow, clock, round }: ReturnType<typeof incidentBench>, store = flow.store) {
  const reportOf = async (rule: string, id: Report['id']): Promise<Report> => {
    const topic = ALARM_TOPICS.find((each) => each.rule === rule);
    if (!topic) throw new Error(`no topic ${rule}`);
    const { check, subject } = topic;
    const run = alarmLooks(store, clock)(topic);
    const probe = { name: rule, check, subject, speaksFor: 'itself', run } as const;
    const result = await run(new AbortController().signal);
    const now = clock.now();
    const stands = [1, 2, 3].reduce<Report['stands']>(
      (before) => [track(before[0], { probe, result, ms: 1 }, now, flow.plan)],
      [],
    );
    return { id, detector: id, at: now, rounds: 3, roundMs: 1, stands };
  };
  /** What they find, after incidents have heard of it. */
  const detect = async (rule: string) => {
    const reports = [await reportOf(rule, EAST), await reportOf(rule, WEST)];
    const evidence = { plan: flow.plan, now: clock.now(), reports, maintenance: [], before: undefined };
    const judgement = judge(evidence);
    await round(...told(judgement.findings));
    return { judgement, reports };
  };
  return { detect };
}

describe('an alarm', () => {
  it('opens an incident by its table, once, and is not posted twice', async () => {
    const { look, only, lines, flow } = alarming();
    await look(true);
    await look(true);
    expect(await only()).toMatchObject({ severity: 'sev-2', title: 'The last backup failed' });
    expect((await lines()).filter((line) => line.endsWith('alarm'))).toEqual([]);
    const all = await flow.timeline.read({ limit: 100 });
    expect(all.filter(({ kind }) => kind === 'alarm')).toHaveLength(1);
  });

  it('that detectors find as well is told once, and stands in the health with its number', async () => {
    const { look, detect, only, words } = alarming();
    await look(true);
    const { judgement, reports } = await detect('backup-failed');
    await look(true);
    expect((await only()).causes.map(({ key }) => key)).toEqual(['alarm/backup-failed']);
    expect(judgement.findings).toMatchObject([{ state: 'failing', alarm: 'A-1', consequenceOf: 'A-1' }]);
    const line = unitLine('resource_availability', undefined, { judgement, reports }) ?? [];
    expect(line.join('')).toContain('because of A-1');
    expect(await words((await only()).id)).toContain('The last backup failed');
  });

  it('that is a chore and that detectors find as well calls nobody', async () => {
    const { look, detect, open } = alarming('keys-overdue');
    await look(true);
    expect((await detect('keys-overdue')).judgement.findings).toHaveLength(1);
    expect(await open()).toEqual([]);
  });

  it('that may be the doing of somebody calls whoever assesses that', async () => {
    const { look, only, flow } = alarming('damage', 'damage/B-1123-0800');
    await look(true);
    expect((await only()).legs.map(({ role }) => role)).toContain(flow.plan.contacts.securityRole);
  });

  it('that is a chore stays an alarm in the channel and calls nobody', async () => {
    const { look, open, lines } = alarming('keys-overdue');
    await look(true);
    expect(await open()).toEqual([]);
    expect(await lines()).toEqual(['A-1 alarm']);
  });

  it('that is over ends its cause, and its incident after a while', async () => {
    const { look, only, open, clock, duties } = alarming();
    await look(true);
    await look(false);
    expect((await only()).recoveringSince).toBeInstanceOf(Date);
    clock.advance(60 * MINUTE);
    await duties();
    expect(await open()).toEqual([]);
  });

  it('waits while a Sev-1 is open: people are there, and what protects a system suffers with it', async () => {
    const { look, round, finding, open, say } = alarming();
    await round(finding());
    await look(true);
    expect((await open()).map(({ id }) => id)).toEqual(['INC-1']);
    await say('U0ALEXCHEN', 'incident resolve INC-1 --reason "a drill"');
    await look(true);
    expect((await open()).map(({ severity }) => severity)).toEqual(['sev-2']);
  });

  it('of a region joins what is wrong in that region', async () => {
    const { look, round, finding, open } = alarming('region-behind', 'region-behind/us-east-1');
    await round(finding({ severity: 'sev-2' }));
    await look(true);
    expect((await open()).map(({ causes }) => causes.map(({ key }) => key))).toEqual([
      ['database_connectivity/us-east-1', 'alarm/region-behind/us-east-1'],
    ]);
  });

  it('of a region that a failover left goes on in the incident of that, and wakes nobody', async () => {
    const { look, round, finding, serve, open, flow, clock } = alarming('region-behind', 'region-behind/us-east-1');
    await noteGivenUp(openGivenUpRegions(flow.store), EAST, RequestId.parse('R-42'), clock.now());
    serve([WEST]);
    await round(finding({ key: 'region/us-east-1', title: 'us-east-1 is down' }));
    await look(true);
    await look(true);
    expect((await open()).map(({ severity, causes }) => [severity, causes.map(({ key }) => key)])).toEqual([
      ['sev-3', ['standby/region/us-east-1', 'standby/alarm/region-behind/us-east-1']],
    ]);
    await look(false);
    expect((await open())[0]?.causes.map(({ endedAt }) => endedAt !== undefined)).toEqual([false, true]);
  });

  it('that called people before a failover left its region calls nobody for it any more', async () => {
    const { look, round, finding, serve, open, flow, clock } = alarming('region-behind', 'region-behind/us-east-1');
    await look(true);
    expect((await open()).map(({ severity }) => severity)).toEqual(['sev-2']);
    await noteGivenUp(openGivenUpRegions(flow.store), EAST, RequestId.parse('R-42'), clock.now());
    serve([WEST]);
    await round(finding({ key: 'region/us-east-1', title: 'us-east-1 is down' }));
    await look(true);
    const found = await open();
    expect(found.map(({ severity, recoveringSince }) => [severity, recoveringSince !== undefined])).toEqual([
      ['sev-2', true],
      ['sev-3', false],
    ]);
    expect(found[1]?.causes.map(({ key }) => key)).toContain('standby/alarm/region-behind/us-east-1');
  });
});
