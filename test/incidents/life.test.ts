import { describe, expect, it } from 'vitest';
import {
  acknowledge,
  addCause,
  addProposal,
  addResponder,
  assign,
  changeSeverity,
  endCause,
  handOver,
  mergeInto,
  notAnIncident,
  openIncident,
  openIncidents,
  passOn,
  postUpdate,
  readIncident,
  reopen,
  resolve,
  wouldCall,
} from '#incidents';
import {
  ALEX,
  COMMANDER,
  DATABASE,
  incidentsBench,
  JANE,
  JOHN,
  MIKE,
  MINUTE,
  noPrimary,
  person,
  RACHEL,
  SARAH,
  slow,
  TECHNICAL,
} from './world.ts';

const HOUR = 60 * MINUTE;
const found = (cause = noPrimary()) => ({ kind: 'found', cause }) as const;
let asks = 0;
const asked = (incident: never | string, by: typeof JOHN, more = {}) => {
  asks += 1;
  return { incident, by, intake: `ask-${asks}`, via: 'slack', why: 'because', ...more } as never;
};

describe('an incident opens', () => {
  it('once for a cause, however many see it at the same time', async () => {
    const bench = await incidentsBench();
    const opened = await Promise.all(Array.from({ length: 50 }, () => openIncident(bench.world, found())));
    expect(new Set(opened.map(({ incident }) => incident.id)).size).toBe(1);
    expect(opened.filter(({ how }) => how === 'opened')).toHaveLength(1);
    expect(await openIncidents(bench.store)).toHaveLength(1);
    expect((await bench.entries()).filter((line) => line.startsWith('paged'))).toHaveLength(2);
  });

  it('by a person, once for what they pressed, with their words as words', async () => {
    const bench = await incidentsBench();
    const { key: _, ...cause } = slow({ title: '<!channel> it is\nslow\u0007' });
    const said = { kind: 'said', by: { outsider: 'guest' }, intake: 'click-1', cause } as const;
    const [first, second] = [await openIncident(bench.world, said), await openIncident(bench.world, said)];
    expect(second).toMatchObject({ how: 'joined', changed: false, incident: { id: first.incident.id } });
    expect(first.incident.title).toBe('<!channel> it is slow');
  });

  it('grows by a cause, and rises to its severity, calling under another key', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    await acknowledge(bench.world, asked(id, MIKE));
    await addCause(bench.world, { incident: id, cause: noPrimary() });
    await bench.beat();
    const incident = await readIncident(bench.store, id);
    expect(incident?.severity).toBe('sev-1');
    expect(bench.pager.rings.filter(({ key }) => key === `${id}/sev-1`)).toHaveLength(3);
    // the technical lead is the first cause's own role, so he is called again although he had it as a Sev-2
    expect(await bench.entries()).toContain(
      'incident: Sev-2 -> Sev-1 by Holdfast. Mike Johnson had it as Technical Lead and is called again.',
    );
  });
});

describe('an incident ends', () => {
  it('by itself when every cause stayed well, and calls nobody while it recovers', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    await endCause(bench.world, { key: noPrimary().key });
    await bench.pass(14 * MINUTE);
    expect((await readIncident(bench.store, id))?.state).toBe('open');
    await bench.pass(2 * MINUTE);
    expect(await readIncident(bench.store, id)).toMatchObject({ state: 'resolved', ending: { how: 'by-itself' } });
    expect(bench.pager.rings).toHaveLength(2);
    await bench.sweep();
    expect(bench.pager.openKeys()).toEqual([]);
  });

  it('not by itself while a run of it is under way', async () => {
    let isBusy = true;
    const bench = await incidentsBench({ isRunUnderWay: async () => isBusy });
    const id = await bench.open();
    await endCause(bench.world, { key: noPrimary().key });
    await bench.pass(30 * MINUTE);
    expect((await readIncident(bench.store, id))?.state).toBe('open');
    await expect(resolve(bench.world, asked(id, JOHN))).rejects.toMatchObject({ code: 'WRONG_STATE' });
    isBusy = false;
    await bench.pass(MINUTE);
    expect((await readIncident(bench.store, id))?.state).toBe('resolved');
  });

  it('goes on with the calls that had become due when it gets worse again', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    await bench.pass(10 * MINUTE);
    await endCause(bench.world, { key: noPrimary().key });
    await bench.pass(10 * MINUTE);
    expect(bench.pager.rings).toHaveLength(2);
    expect(await openIncident(bench.world, found())).toMatchObject({ how: 'joined', incident: { id } });
    await bench.beat();
    expect(bench.pager.rings).toHaveLength(4);
  });

  it('is the same again when it comes back soon, and another one later', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    await endCause(bench.world, { key: noPrimary().key });
    await bench.pass(16 * MINUTE);
    await bench.clock.advance(20 * MINUTE);
    const again = await openIncident(bench.world, found());
    expect(again).toMatchObject({ how: 'reopened', incident: { id, reopened: 1, state: 'open' } });
    await endCause(bench.world, { key: noPrimary().key });
    await bench.pass(16 * MINUTE);
    bench.clock.advance(HOUR);
    expect(await openIncident(bench.world, found())).toMatchObject({ how: 'opened', incident: { id: 'INC-2' } });
  });

  it('is left alone for half an hour when somebody resolves it while it lasts', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    await resolve(bench.world, asked(id, JOHN));
    expect(await openIncident(bench.world, found())).toMatchObject({ how: 'muted' });
    bench.clock.advance(31 * MINUTE);
    expect(await openIncident(bench.world, found())).toMatchObject({ how: 'reopened', incident: { id } });
  });

  it('is left alone until it was well once when it is none', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    await notAnIncident(bench.world, asked(id, JOHN, { why: 'index build' }));
    bench.clock.advance(5 * HOUR);
    expect(await openIncident(bench.world, found())).toMatchObject({ how: 'muted' });
    await endCause(bench.world, { key: noPrimary().key });
    expect(await openIncident(bench.world, found())).toMatchObject({ how: 'opened', incident: { id: 'INC-2' } });
  });

  it('is opened again by a person, and everybody is called under another key', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    await acknowledge(bench.world, asked(id, MIKE));
    await resolve(bench.world, asked(id, MIKE));
    await reopen(bench.world, asked(id, MIKE));
    await bench.beat();
    expect(bench.pager.rings.at(-1)).toMatchObject({ key: `${id}/sev-2/2` });
    await expect(reopen(bench.world, asked(id, MIKE))).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });
});

describe('a severity', () => {
  it('shows whom a raise would call before it calls', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    const incident = await readIncident(bench.store, id);
    const price = await wouldCall(bench.world, incident as never, 'sev-1', bench.clock.now());
    expect(price.map(({ people }) => people)).toEqual([[JOHN], [ALEX], [MIKE]]);
    expect(bench.pager.rings).toHaveLength(1);
  });

  it('is raised with everybody called anew, but for whoever raises it and has it', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    await acknowledge(bench.world, asked(id, MIKE));
    await changeSeverity(bench.world, asked(id, MIKE, { to: 'sev-1' }));
    await bench.beat();
    const incident = await readIncident(bench.store, id);
    expect(incident?.legs.map(({ role, hold }) => [role, hold?.by])).toEqual([
      [TECHNICAL, MIKE],
      [COMMANDER, undefined],
      [DATABASE, undefined],
    ]);
    expect(bench.pager.rings.filter(({ key }) => key === `${id}/sev-1`)).toHaveLength(2);
    // the plan's clock for a Sev-1 begins with the raise
    expect(incident?.respondBy).toEqual(new Date(bench.clock.now().getTime() + 30 * MINUTE));
  });

  it('is lowered without calling anybody, and whoever has it keeps it', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    await acknowledge(bench.world, asked(id, ALEX));
    await changeSeverity(bench.world, asked(id, JOHN, { to: 'sev-2' }));
    await bench.pass(60 * MINUTE);
    const incident = await readIncident(bench.store, id);
    expect(incident?.legs.map(({ role, hold }) => [role, hold?.by])).toEqual([[DATABASE, ALEX]]);
    expect(bench.pager.rings).toHaveLength(2);
    expect(await bench.entries()).toContain(
      'incident: Sev-1 -> Sev-2 by John Smith. Calling stops for Incident Commander.',
    );
  });

  it('that is lowered before anybody has it calls on at the lower pace', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    await changeSeverity(bench.world, asked(id, JOHN, { to: 'sev-2' }));
    await bench.pass(119 * MINUTE, 7 * MINUTE);
    expect(bench.pager.rings).toHaveLength(2);
    await bench.pass(MINUTE);
    expect(bench.pager.rings).toHaveLength(3);
    expect((await readIncident(bench.store, id))?.legs.map(({ role }) => role)).toEqual([DATABASE]);
  });
});

describe('people of an incident', () => {
  it('keep it until whoever it is handed to acknowledges', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    await acknowledge(bench.world, asked(id, MIKE));
    await handOver(bench.world, asked(id, MIKE, { role: TECHNICAL, to: RACHEL }));
    await bench.beat();
    expect(bench.pager.rings.at(-1)?.user).toBe('PRGREEN1');
    expect((await readIncident(bench.store, id))?.legs[0]?.hold?.by).toBe(MIKE);
    await acknowledge(bench.world, asked(id, RACHEL));
    const incident = await readIncident(bench.store, id);
    expect(incident?.legs[0]?.hold?.by).toBe(RACHEL);
    expect(incident?.assignments.find(({ role }) => role === TECHNICAL)?.person).toBe(RACHEL);
  });

  it('are called besides, by name or by role', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    expect(await addResponder(bench.world, asked(id, MIKE, { whom: { person: RACHEL } }))).toMatchObject({
      called: [RACHEL],
    });
    expect(await addResponder(bench.world, asked(id, MIKE, { whom: { role: DATABASE } }))).toMatchObject({
      called: [ALEX],
    });
    await bench.beat();
    expect(bench.pager.rings.map(({ user }) => user).toSorted()).toEqual(['PALXCHEN', 'PMJOHNSN', 'PRGREEN1']);
    await expect(
      addResponder(bench.world, asked(id, MIKE, { whom: { person: person('nobody') } })),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('are called first for a role that they were given', async () => {
    const bench = await incidentsBench();
    const id = await bench.open(slow());
    await assign(bench.world, asked(id, MIKE, { role: TECHNICAL, to: JANE }));
    await bench.pass(2 * HOUR, 30 * MINUTE);
    expect(bench.pager.rings.at(-1)?.user).toBe('PJANEDOE');
  });

  it('are reminded of stakeholders, and not after they were told', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    await bench.pass(19 * MINUTE);
    await postUpdate(bench.world, asked(id, JOHN, { text: 'ELD logs cannot be saved since 03:02.' }));
    await bench.pass(19 * MINUTE);
    const reminders = async () => (await bench.entries()).filter((line) => line.includes('stakeholders'));
    expect(await reminders()).toEqual([]);
    await bench.pass(MINUTE);
    expect(await reminders()).toEqual(['incident: Last update to stakeholders 20 min ago. /dr incident update']);
  });

  it('are told when nobody answers in the time that the plan gives', async () => {
    const bench = await incidentsBench();
    await bench.open();
    await bench.pass(31 * MINUTE);
    const missed = (await bench.entries()).filter((line) => line.includes('No answer in time'));
    expect(missed).toEqual([
      'escalated: No answer in time: Sev-1 must be answered by 08:32:10, and nobody has it. Calling goes on.',
    ]);
  });
});

describe('two incidents that are one', () => {
  it('go on as one, and the causes of the first belong to the second', async () => {
    const bench = await incidentsBench();
    const first = await bench.open(slow());
    const second = await bench.open();
    await mergeInto(bench.world, asked(first, SARAH, { into: second }));
    expect(await readIncident(bench.store, first)).toMatchObject({ state: 'merged', mergedInto: second });
    expect(await openIncident(bench.world, found(slow()))).toMatchObject({ how: 'joined', incident: { id: second } });
    await endCause(bench.world, { key: slow().key });
    expect(
      (await readIncident(bench.store, second))?.causes.find(({ key }) => key === slow().key)?.endedAt,
    ).toBeDefined();
    await expect(mergeInto(bench.world, asked(second, SARAH, { into: second }))).rejects.toMatchObject({
      code: 'WRONG_STATE',
    });
    await expect(acknowledge(bench.world, asked(first, MIKE))).rejects.toMatchObject({ hint: `/dr ack ${second}` });
  });

  it('that goes on in another one has what people did about it go on there', async () => {
    const bench = await incidentsBench();
    const first = await bench.open(slow({ severity: 'sev-1', role: DATABASE }));
    const second = await bench.open();
    await acknowledge(bench.world, asked(first, ALEX));
    await acknowledge(bench.world, asked(first, JOHN));
    await addProposal(bench.world, { incident: first, request: 'R-43' as never });
    await assign(bench.world, asked(first, JOHN, { role: TECHNICAL, to: SARAH }));
    const rings = bench.pager.rings.length;
    await mergeInto(bench.world, asked(first, SARAH, { into: second }));
    const merged = await readIncident(bench.store, second);
    expect(merged?.legs.map(({ role, hold }) => [role, hold?.by])).toEqual([
      [COMMANDER, JOHN],
      [DATABASE, ALEX],
    ]);
    expect(merged).toMatchObject({ proposals: ['R-43'], respondedAt: expect.any(Date) });
    expect(merged?.assignments).toContainEqual(expect.objectContaining({ role: TECHNICAL, person: SARAH, by: JOHN }));
    expect((await bench.entries()).at(-2)).toContain('It is had as before by John Smith as Incident Commander');
    await bench.pass(14 * MINUTE);
    expect(bench.pager.rings).toHaveLength(rings);
    // whoever passes it on does not get it back by the same merge, said once more
    await passOn(bench.world, asked(second, ALEX));
    await mergeInto(bench.world, asked(first, SARAH, { into: second }));
    expect((await readIncident(bench.store, second))?.legs.find(({ role }) => role === DATABASE)?.hold).toBeUndefined();
  });

  it('that was smaller and somebody has does not silence a worse one, for which they may answer now', async () => {
    const bench = await incidentsBench();
    const first = await bench.open(slow({ role: DATABASE }));
    await acknowledge(bench.world, asked(first, ALEX));
    const second = await bench.open();
    await mergeInto(bench.world, asked(first, SARAH, { into: second }));
    const merged = await readIncident(bench.store, second);
    expect(merged?.legs.every(({ hold }) => hold === undefined)).toBe(true);
    expect((await bench.entries()).join()).toContain(
      'Sev-2 was had by Alex Chen as Database Admin; this is Sev-1, and calling goes on',
    );
  });

  it('that is worse than the one it goes on in makes that as bad, and whoever has it has it still', async () => {
    const bench = await incidentsBench();
    const first = await bench.open();
    await acknowledge(bench.world, asked(first, ALEX));
    await acknowledge(bench.world, asked(first, JOHN));
    const second = await bench.open(slow());
    await mergeInto(bench.world, asked(first, SARAH, { into: second }));
    const merged = await readIncident(bench.store, second);
    expect(merged).toMatchObject({ severity: 'sev-1' });
    expect(new Set(merged?.legs.flatMap(({ hold }) => hold?.by ?? []))).toEqual(new Set([ALEX, JOHN]));
  });

  it('knows the requests that are proposed for it, once', async () => {
    const bench = await incidentsBench();
    const id = await bench.open();
    await addProposal(bench.world, { incident: id, request: 'R-43' as never });
    await addProposal(bench.world, { incident: id, request: 'R-43' as never });
    expect((await readIncident(bench.store, id))?.proposals).toEqual(['R-43']);
  });
});
