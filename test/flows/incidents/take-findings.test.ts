import { describe, expect, it } from 'vitest';
import { IncidentId, RequestId } from '#core';
import { noteGivenUp, noteRebuilt, openGivenUpRegions } from '#failover';
import { pagesOf } from '#incidents';
import type { PagerCall } from '#ports';
import { USERS } from '../flow-bench.ts';
import { EAST, incidentBench, MINUTE, WEST } from './incident-bench.ts';

const R42 = RequestId.parse('R-42');

describe('a finding', () => {
  it('that fails opens an incident, once, however often it is found', async () => {
    const { round, finding, open, only } = incidentBench();
    const found = finding();
    for (let times = 0; times < 5; times += 1) await round(found);
    expect(await open()).toHaveLength(1);
    expect(await only()).toMatchObject({ severity: 'sev-1', title: 'us-east-1 database has no primary' });
  });

  it('that is not known changes nothing, and one that is well ends its cause', async () => {
    const { round, finding, open, only } = incidentBench();
    await round(finding({ state: 'unknown' }));
    expect(await open()).toEqual([]);
    await round(finding());
    await round(finding({ state: 'unknown' }));
    expect((await only()).recoveringSince).toBeUndefined();
    await round(finding({ state: 'well' }));
    expect((await only()).recoveringSince).toBeInstanceOf(Date);
  });

  it('joins what fails in the same region already; what fails elsewhere is another incident', async () => {
    const { round, finding, open } = incidentBench();
    await round(finding());
    await round(finding(), finding({ key: 'application_response/us-east-1', title: 'us-east-1 answers with errors' }));
    await round(finding({ key: 'external_dependencies/us-west-2', region: WEST, severity: 'sev-2', critical: false }));
    const found = await open();
    expect(found.map(({ causes }) => causes.length)).toEqual([2, 1]);
  });

  it('of a dead region swallows everything else that fails there', async () => {
    const { round, finding, only } = incidentBench();
    const dead = finding({ key: 'region/us-east-1', title: 'us-east-1 is down' });
    await round(finding(), finding({ key: 'application_response/us-east-1' }), dead);
    expect((await only()).causes.map(({ key }) => key)).toEqual(['region/us-east-1']);
  });

  it('that explains what others were opened for a moment ago has them go on in its own incident', async () => {
    const { round, finding, open, incident, clock, thread } = incidentBench();
    const served = finding({
      key: 'application_response/us-west-2',
      region: WEST,
      title: 'us-west-2 service answers 503',
    });
    const slack = finding({
      key: 'external_dependencies/slack',
      region: undefined,
      critical: false,
      severity: 'sev-2',
    });
    await round(slack);
    clock.advance(30 * MINUTE);
    await round(finding(), served);
    expect((await open()).map(({ id }) => id)).toEqual(['INC-1', 'INC-2', 'INC-3']);
    const dead = finding({ key: 'region/us-east-1', title: 'us-east-1 is down' });
    const explained = (each: typeof served) => ({ ...each, state: 'unknown' as const, consequenceOf: dead.key });
    for (let times = 0; times < 3; times += 1) await round(dead, explained(served), explained(slack));
    // Slack fell silent half an hour before
    expect((await open()).map(({ id }) => id)).toEqual(['INC-1', 'INC-2']);
    expect(await incident('INC-3')).toMatchObject({ state: 'merged', mergedInto: 'INC-2' });
    expect(
      (await thread('INC-2')).filter((line) => line.includes('INC-3 was merged into this by Holdfast')),
    ).toHaveLength(1);
    await round({ ...served, state: 'well' }, { ...dead, state: 'well' }, { ...finding(), state: 'well' });
    expect((await incident('INC-2')).recoveringSince).toBeInstanceOf(Date);
  });

  it('of ten thousand in a minute is one incident, whose card fits a phone', async () => {
    const { round, finding, only, words, duties } = incidentBench();
    const many = Array.from({ length: 10_000 }, (_, index) =>
      finding({ key: `probe-${index}/us-east-1`, title: `probe ${index} fails` }),
    );
    for (let from = 0; from < many.length; from += 1_000) await round(...many.slice(from, from + 1_000));
    await duties();
    for (const one of many.slice(0, 50)) await round(one);
    const { id, causes, legs } = await only();
    expect(causes).toHaveLength(8);
    expect(legs).toHaveLength(2);
    expect((await words(id)).length).toBeLessThan(1_500);
  });

  it('in a region that nobody is sent to is no Sev-1, and ends what it was before', async () => {
    const { round, finding, serve, open } = incidentBench();
    await round(finding());
    serve([WEST]);
    await round(finding());
    const [before, after] = await open();
    expect(before?.recoveringSince).toBeInstanceOf(Date);
    expect(after).toMatchObject({ severity: 'sev-2' });
    expect(after?.causes[0]?.key).toBe('standby/database_connectivity/us-east-1');
    serve([EAST]);
    await round(finding({ state: 'well' }));
    expect((await open()).every(({ recoveringSince }) => recoveringSince)).toBe(true);
  });

  it('in a region that a failover left calls nobody at night until it is rebuilt, and says how that is done', async () => {
    const { round, finding, serve, open, flow, clock, words, incident } = incidentBench();
    const dead = finding({ key: 'region/us-east-1', title: 'us-east-1 is down' });
    await round(dead);
    const notes = openGivenUpRegions(flow.store);
    await noteGivenUp(notes, EAST, R42, clock.now());
    // as long as users are still sent there it is what it was
    await round(dead);
    expect((await open()).map(({ severity }) => severity)).toEqual(['sev-1']);
    serve([WEST]);
    await round(dead);
    const [before, after] = await open();
    expect(before?.recoveringSince).toBeInstanceOf(Date);
    expect(after).toMatchObject({ severity: 'sev-3', causes: [{ key: 'standby/region/us-east-1' }] });
    const said = await words(after?.id ?? '');
    expect(said).toMatch(/Nobody is served from us-east-1: R-42 left it at [0-9:]{8} UTC[.]/);
    expect(said).toContain('/dr rebuild us-east-1');
    const pages = (await pagesOf(flow.store, IncidentId.parse('INC-2'))).flatMap(({ ways }) => ways);
    expect(new Set(pages.map(({ way }) => way))).toEqual(new Set(['direct']));
    await noteRebuilt(notes, EAST, R42, clock.now());
    await round(dead);
    expect(await incident(after?.id ?? '')).toMatchObject({ severity: 'sev-2' });
  });

  it('that the death of a region explains goes with it when a failover leaves it, and nothing is called well', async () => {
    const { round, finding, serve, open, flow, clock, thread, incident } = incidentBench();
    const kms = finding({ key: 'external_dependencies/kms/us-east-1', title: 'us-east-1 KMS does not answer' });
    const dead = finding({ key: 'region/us-east-1', title: 'us-east-1 is down' });
    const explained = { ...kms, state: 'unknown' as const, consequenceOf: dead.key };
    await round(kms);
    await round(dead, explained);
    await noteGivenUp(openGivenUpRegions(flow.store), EAST, R42, clock.now());
    serve([WEST]);
    for (let times = 0; times < 3; times += 1) await round(dead, explained);
    expect((await open()).map(({ severity, state }) => [severity, state])).toEqual([
      ['sev-1', 'open'],
      ['sev-3', 'open'],
    ]);
    expect((await incident('INC-1')).recoveringSince).toBeInstanceOf(Date);
    const said = (await thread('INC-1')).filter((line) => /R-42 left|[Ww]ell again/.test(line));
    expect(said).toEqual([
      'R-42 left us-east-1, where this is wrong still: us-east-1 is down. Something else of INC-1 is not over.',
      'R-42 left us-east-1, where this is wrong still: us-east-1 KMS does not answer. When it stays so INC-1 resolves itself; nobody is called meanwhile.',
    ]);
    // alone in its misery when the rest of the region is back, it is of the same incident
    await round({ ...dead, state: 'well' }, kms);
    expect((await open()).map(({ severity }) => severity)).toEqual(['sev-1', 'sev-3']);
  });

  it('counts as it is while nobody knows who is served from where', async () => {
    const { round, finding, serve, only } = incidentBench();
    serve(undefined);
    await round(finding());
    expect((await only()).severity).toBe('sev-1');
  });

  it('that somebody said to be none calls nobody again until it was well once', async () => {
    const { round, finding, only, open, fill, words } = incidentBench();
    await round(finding());
    const { id } = await only();
    await fill(USERS.alex, 'inc-not', id, { why: 'a drill of the network team' });
    await round(finding());
    expect(await open()).toEqual([]);
    expect(await words(id)).toMatch(/^NOT AN INCIDENT[\s\S]*by Alex Chen .*: "a drill of the network team"/);
    await round(finding({ state: 'well' }));
    await round(finding());
    expect(await open()).toHaveLength(1);
  });

  it('that the control store is gone pages people without it, and is not lost', async () => {
    const { round, finding, flow, breakStore } = incidentBench();
    const calls: PagerCall[] = [];
    const pager = { trigger: async (call: PagerCall) => void calls.push(call), callAlso: async () => true };
    Object.assign(flow.incidents, { pager });
    breakStore();
    await expect(round(finding())).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(calls).toEqual([]);
    const gone = finding({ key: 'detectors/control-store', region: undefined, title: 'The control store is gone' });
    await expect(round(gone)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(calls.map(({ summary }) => summary)).toEqual([expect.stringContaining('SEV-1 The control store is gone')]);
  });

  it('that is over for a while resolves its incident by itself', async () => {
    const { round, finding, only, open, clock, duties, words } = incidentBench();
    await round(finding());
    const { id } = await only();
    await round(finding({ state: 'well' }));
    expect(await words(id)).toContain('It resolves itself when it stays so.');
    clock.advance(60 * MINUTE);
    await duties();
    expect(await open()).toEqual([]);
    expect(await words(id)).toMatch(/^RESOLVED - us-east-1 database has no primary {3}INC-1, Sev-1, /);
  });
});
