import { describe, expect, it } from 'vitest';
import { USERS } from '../flow-bench.ts';
import { incidentBench, MINUTE } from './incident-bench.ts';

/** A Sev-1 of the east's database, its first pages out. */
async function broken() {
  const bench = incidentBench();
  await bench.round(bench.finding());
  await bench.duties();
  return { ...bench, id: (await bench.only()).id };
}

describe('acknowledging', () => {
  it('by somebody on duty stops the pages for their role, and says when they are asked again', async () => {
    const { press, id, only, words } = await broken();
    const said = await press(USERS.john, 'inc-ack', id);
    expect(said).toMatch(
      /^You have INC-1\. Pages to you stop\.\nHoldfast asks again at .* whether you are still on it; without an answer paging starts again\./,
    );
    expect(said).toContain('Nobody has Database Admin yet: paging goes on there.');
    expect((await only()).legs.map(({ hold }) => hold?.by)).toEqual(['john-smith', undefined]);
    expect(await words(id)).toMatch(
      /Incident Commander {3}John Smith, acknowledged .*\nDatabase Admin {3}Alex Chen, paged .*, no answer/,
    );
  });

  it('names what is to be decided first', async () => {
    const { round, finding, press, id } = await broken();
    await round(finding({ breach: true }));
    expect(await press(USERS.john, 'inc-ack', id)).toContain('First thing to decide: R-1.');
  });

  it('twice by the same click, or by a second one, is one', async () => {
    const { press, id, only, thread } = await broken();
    await press(USERS.john, 'inc-ack', id, 'click-1');
    await press(USERS.john, 'inc-ack', id, 'click-1');
    expect(await press(USERS.john, 'inc-ack', id)).toMatch(/^Already counted: you have INC-1 since/);
    expect((await thread(id)).filter((line) => line.includes('acknowledged'))).toHaveLength(1);
    expect((await only()).legs.filter(({ hold }) => hold)).toHaveLength(1);
  });

  it('by somebody who is not on the roster for it goes on paging; a commander gives it to them when they ask', async () => {
    const { press, id, only, thread, flow } = await broken();
    const said = await press(USERS.lisa, 'inc-ack', id);
    expect(said).toContain('You are not on the roster for this, so paging goes on.');
    expect((await only()).legs.every(({ hold }) => !hold)).toBe(true);
    await press(USERS.lisa, 'inc-ask', id);
    expect((await thread(id)).at(-1)).toContain('Lisa Brown offers to take');
    expect(await press(USERS.alex, 'inc-give', `${id} incident-commander lisa-brown`)).toContain(
      'An Incident Commander gives it.',
    );
    expect(await press(USERS.jane, 'inc-give', `${id} incident-commander lisa-brown`)).toContain(
      'Lisa Brown is paged for Incident Commander',
    );
    expect(flow.roster.rolesOf('lisa-brown' as never)).not.toContain('incident-commander');
  });

  it('by a guest is refused, by button, command and in the thread', async () => {
    const { press, say, mention, id, only, chat } = await broken();
    expect(await press(USERS.guest, 'inc-ack', id)).toContain('You have no role in the plan that may do this.');
    expect(await say(USERS.guest, 'ack')).toContain('not yours to ask');
    await mention(USERS.guest, '<@U0BOT> ack', id);
    expect(JSON.stringify(chat.messages.at(-1))).toContain('not yours to ask');
    expect((await only()).acknowledgements).toEqual([]);
  });

  it('said to the bot in the thread means the incident of that thread, whatever else is open', async () => {
    const { round, finding, mention, id, incident } = await broken();
    await round(finding({ key: 'external_dependencies', region: undefined, severity: 'sev-2' }));
    await mention(USERS.john, '<@U0BOT> ack', id);
    expect((await incident(id)).legs[0]?.hold?.by).toBe('john-smith');
    expect((await incident('INC-2')).acknowledgements).toEqual([]);
  });

  it('without a number means the only open one; of several it shows which there are', async () => {
    const { round, finding, say } = await broken();
    expect(await say(USERS.john, 'ack')).toContain('You have INC-1.');
    await round(
      finding({ key: 'external_dependencies', region: undefined, severity: 'sev-2', title: 'S3 does not answer' }),
    );
    const which = await say(USERS.alex, 'ack');
    expect(which).toMatch(
      /^2 incidents are open; which one\? Nothing was changed\.\nSEV-1 INC-1 [\s\S]*SEV-2 INC-2 S3 does not answer/,
    );
  });

  it('again, when one is asked whether one is still on it, is the answer', async () => {
    const { say, clock, duties, only } = await broken();
    await say(USERS.john, 'ack');
    clock.advance(16 * MINUTE);
    await duties();
    expect((await only()).legs[0]?.hold?.confirmBy).toBeInstanceOf(Date);
    expect(await say(USERS.john, 'ack')).toMatch(/^You still have INC-1\. Holdfast asks again at/);
  });

  it('can be passed on', async () => {
    const { press, id, only } = await broken();
    await press(USERS.john, 'inc-ack', id);
    expect(await press(USERS.john, 'inc-pass', id)).toContain('INC-1 is passed on.');
    expect((await only()).legs[0]?.hold).toBeUndefined();
  });
});

describe('raising the severity', () => {
  it('shows first whom it wakes at what time of theirs, and wakes nobody before it is confirmed', async () => {
    const { round, finding, say, only, press } = incidentBench();
    await round(finding({ severity: 'sev-2', key: 'external_dependencies', region: undefined }));
    const price = await say(USERS.mike, 'incident sev 1');
    expect(price).toMatch(/^Sev-2 -> Sev-1 pages John Smith(, .*)? and .* now, at \d\d:\d\d their time\.\n/);
    expect((await only()).severity).toBe('sev-2');
    expect(await press(USERS.mike, 'inc-keep', 'INC-1')).toContain('INC-1 stays Sev-2. Nothing was changed.');
    await press(USERS.mike, 'inc-raise', 'INC-1 sev-1');
    expect(await only()).toMatchObject({ severity: 'sev-1' });
    expect(await say(USERS.mike, 'incident sev 1')).toContain('INC-1 is Sev-1 already.');
    await say(USERS.mike, 'incident sev 3');
    expect(await only()).toMatchObject({ severity: 'sev-3' });
  });

  it('asked by form or with --page does the same', async () => {
    const { round, finding, say, only, fill } = incidentBench();
    await round(finding({ severity: 'sev-3', key: 'external_dependencies', region: undefined }));
    expect(await fill(USERS.mike, 'inc-sev', 'INC-1', { severity: 'sev-2' })).toMatch(/^Sev-3 -> Sev-2 pages /);
    expect((await only()).severity).toBe('sev-3');
    await say(USERS.mike, 'incident sev 2 INC-1 --page');
    expect((await only()).severity).toBe('sev-2');
  });
});

describe('an incident that a person opens', () => {
  it("may be a guest's; nothing else may", async () => {
    const { say, only, chat } = incidentBench();
    expect(await say(USERS.guest, 'incident open "drivers report time-outs" --sev 1')).toContain(
      'INC-1 is open, Sev-1.',
    );
    expect(await only()).toMatchObject({ severity: 'sev-1', openedBy: { outsider: 'U0GUEST' } });
    for (const line of [
      'incident resolve --reason "over"',
      'incident sev 3',
      'page security-lead',
      'page test',
      'incident update "all good"',
      'incident hand-over john-smith',
      'incident assign security-lead john-smith',
      'incident reopen INC-1 --reason "why"',
      'incident merge INC-1 INC-1',
      'incident pass-on',
    ]) {
      expect(await say(USERS.guest, line), line).toContain('not yours to ask');
    }
    expect(chat.forms).toEqual([]);
    expect(await say(USERS.guest, 'incident')).toContain('SEV-1 INC-1 "drivers report time-outs"');
    expect(await say(USERS.guest, 'incident catch-up')).toContain('INC-1 in 5 lines');
  });

  it('asks what is seen when nothing was said, and refuses regions that the plan does not have', async () => {
    const { say, chat, open } = incidentBench();
    await say(USERS.mike, 'incident open');
    expect(chat.forms.at(-1)?.form.id).toBe('command:incident open');
    expect(await say(USERS.mike, 'incident open "it is slow" --region us-west-9')).toContain(
      'The plan has no us-west-9.',
    );
    expect(await open()).toEqual([]);
  });

  it('once, when its payload is handled twice', async () => {
    const { say, open } = incidentBench();
    await say(USERS.mike, 'incident open "it is slow"', 'payload-1');
    await say(USERS.mike, 'incident open "it is slow"', 'payload-1');
    expect(await open()).toHaveLength(1);
  });

  it('shows hostile words as text on every card and line', async () => {
    const { say, card, thread } = incidentBench();
    await say(USERS.guest, 'incident open "<!channel> *now* `x` <@U0JOHNSMITH> \u202egpj.exe"');
    const { renderCard, renderPush } = await import('../../../src/adapters/slack/render/render-card.ts');
    const names = { userOf: () => undefined, nameOf: (person: string) => person };
    const drawn = await card('INC-1');
    const shown = renderPush(drawn.push) + JSON.stringify(renderCard(drawn, names, new Date()));
    expect(shown).not.toMatch(/<!channel|<@U0JOHN|\u202e/);
    expect(shown).toContain('&lt;!channel&gt;');
    expect((await thread('INC-1')).length).toBeGreaterThan(0);
  });
});

describe('people and words of an incident', () => {
  it('are paged, assigned and handed over by name, by role and by mention', async () => {
    const { say, only, id } = await broken();
    expect(await say(USERS.john, 'page "Sarah Wilson"')).toContain('Paged for INC-1: Sarah Wilson');
    expect(await say(USERS.john, `page security-lead ${id}`)).toContain('Lisa Brown');
    expect(await say(USERS.john, 'page "Sara Wilson"')).toContain('Did you mean Sarah Wilson?');
    expect(await say(USERS.john, 'incident assign communications <@U0RACHELGREEN|rachel>')).toContain(
      'Rachel Green is Communications of INC-1.',
    );
    expect(await say(USERS.john, 'incident assign cook "Jane Doe"')).toContain('"cook" is no role of the plan.');
    await say(USERS.john, 'ack');
    expect(await say(USERS.john, 'incident hand-over jane-doe')).toContain(
      'Jane Doe is paged for Incident Commander of INC-1.',
    );
    const incident = await only();
    expect(incident.responders).toEqual(['sarah-wilson']);
    expect(incident.legs.map(({ role }) => role)).toContain('security-lead');
    expect(incident.assignments).toEqual(
      expect.arrayContaining([expect.objectContaining({ role: 'communications', person: 'rachel-green' })]),
    );
  });

  it('a test page goes to whoever asks, and to nobody else', async () => {
    const { say, flow } = await broken();
    expect(await say(USERS.mike, 'page test')).toContain('A test page is on its way to you and to nobody else.');
    expect(flow.incidents.notifiers).toEqual([]);
  });

  it('has its updates, with a draft of what could be said', async () => {
    const { say, press, chat, id, only } = await broken();
    await press(USERS.john, 'inc-update', id);
    const field = chat.forms.at(-1)?.form.fields[0];
    expect(field).toMatchObject({
      initial: expect.stringMatching(
        /^Drivers cannot save logs\. This is so since \d\d:\d\d UTC\. We are working on it\. Next update \d\d:\d\d UTC\.$/,
      ),
    });
    expect(await say(USERS.john, 'incident update "We are on it."')).toContain('Posted for INC-1: "We are on it."');
    expect((await only()).updates).toMatchObject([{ text: 'We are on it.', by: 'john-smith' }]);
  });

  it('is told in five lines to whoever joins late', async () => {
    const { say, round, finding } = await broken();
    await round(finding({ breach: true }));
    await say(USERS.john, 'incident update "We are on it."');
    const text = await say(USERS.sarah, 'incident catch-up');
    expect(text.split('\n')).toHaveLength(6);
    expect(text).toMatch(
      /1 Broke .*us-east-1 database has no primary[\s\S]*2 Tried .*We are on it\.[\s\S]*3 Running {3}nothing[\s\S]*4 Undecided {3}R-1 waiting for[\s\S]*5 Next {3}page at/,
    );
  });

  it('ends, is opened again, and is merged into another', async () => {
    const { say, words, round, finding, id, incident } = await broken();
    expect(await say(USERS.alex, 'incident resolve --reason "storage replaced"')).toContain('INC-1 is resolved.');
    expect(await words(id)).toMatch(/^RESOLVED[\s\S]*By Alex Chen: "storage replaced"/);
    expect(await say(USERS.alex, 'ack INC-1')).toMatch(/INC-1/);
    expect(await say(USERS.alex, 'incident reopen 1 --reason "it is back"')).toContain('INC-1 is open again.');
    await round(finding({ key: 'external_dependencies', region: undefined, severity: 'sev-2' }));
    expect(await say(USERS.alex, 'incident merge INC-2 INC-1')).toContain('INC-2 goes on in INC-1.');
    expect(await words('INC-2')).toMatch(/^MERGED/);
    expect((await incident('INC-2')).state).toBe('merged');
  });

  it('a button that names no incident changes nothing and says so', async () => {
    const { press, open } = incidentBench();
    for (const value of ['', 'INC-9', 'INC-0', 'R-1', 'INC-1 INC-2', '__proto__']) {
      expect(await press(USERS.john, 'inc-ack', value), value).toContain('Nothing was changed.');
    }
    expect(await open()).toEqual([]);
  });
});
