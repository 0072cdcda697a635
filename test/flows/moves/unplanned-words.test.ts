import { expect, test } from 'vitest';
import { type Preview, previewHash, type Section } from '#chatops';
import { PersonId, RequestId, Role, systemClock } from '#core';
import type { FailoverSettings } from '#failover';
import { failoverForm, type HoldfastWorld, unplannedPreview, unplannedReceipt } from '#flows';
import { parsePlan } from '#plan';
import { openJournal, type RunRecord } from '#workflow';
import { askingCard } from '../../../src/flows/cards/asking-card.ts';
import { section } from '../../../src/flows/cards/parts.ts';
import { type LostCompany, lostWorld, possible } from '../../failover/lost-world.ts';
import { unplannedBench } from '../../failover/run-unplanned.ts';
import { testSettings } from '../../failover/settings.ts';
import { eldText } from '../../plan/eld-plan.ts';
import { wordsOf } from '../../support/words-of.ts';

const { plan, hash: planHash } = parsePlan(eldText, 'plan.yaml');
const R43 = RequestId.parse('R-43');
/** A few seconds after the last write of the memory world. */
const CLOCK = { ...systemClock, now: () => new Date('2026-11-23T08:00:05Z') };
const ASKED = { approved: undefined } as never;

function worldOf(company: LostCompany): HoldfastWorld {
  const journal = openJournal(company.store);
  return { plan, journal, store: company.store, clock: CLOCK, lostRegion: () => company.world } as never;
}

const previewed = (company: LostCompany): Promise<Preview> =>
  unplannedPreview({ region: 'us-west-2', reason: 'us-east-1 is gone' }, ASKED, worldOf(company));

/** Moments are what a reader sees of them; their digits move. */
const steady = (words: string): string =>
  words
    .replace(/\d\d:\d\d:\d\d UTC( \([^)]*\))?/g, 'HH:MM:SS UTC')
    .replace(/\d{4}-\d\d-\d\d /g, '')
    .replace(/[0-9a-f]{4}-[0-9a-f]{4}/g, 'HASH');

const wordsOfSections = (sections: readonly Section[]): string =>
  steady(wordsOf({ push: '', parts: sections.map(section) }));

function lost(change: Partial<FailoverSettings> = {}): LostCompany {
  const company = lostWorld(change);
  company.lose();
  company.hands.tail = { ...company.hands.tail, entries: 196, reachesAt: new Date('2026-11-23T08:00:03Z') };
  return company;
}

test('the card of an unplanned failover says what it costs, whether the old side is fenced, and who is ready', async () => {
  const preview = await previewed(lost());
  expect(preview.title).toBe('unplanned failover us-east-1 -> us-west-2');
  expect(wordsOfSections(preview.sections)).toMatchInlineSnapshot(`
    "What it costs
    Writes that may be lost: about 0.0 s, near 0 writes (approved up to 30 s).
    The vault holds 196 changes (3.0 s) that the survivor lacks; they are put back in step 3.
    How long it takes here is not known yet (limit 15 min).
    Is us-east-1 fenced?
    Yes.
    Nobody renewed for 30 s.
    Is us-west-2 ready?
    west-1 survives; its newest write is of HH:MM:SS UTC. Checked HH:MM:SS UTC.
    2 services answer in us-west-2.
    Room for 3 services.
    Not known: DNS's control API does not answer (not needed; its weights are put right when it does): Route 53 does not answer.
    After it: west-1 runs alone; us-east-1 is rebuilt before it serves again."
  `);
});

test('a lease that is still renewed is said with what it costs to wait for, and a tail of no use with why', async () => {
  const company = lost();
  company.hands.fence = { ...company.hands.fence, standing: 'waits', waitMs: 8_000, reasons: ['renewed 1 s ago'] };
  company.hands.tail = { ...company.hands.tail, refused: 'the vault is of another timeline' };
  expect(wordsOfSections((await previewed(company)).sections)).toMatchInlineSnapshot(`
    "What it costs
    Writes that may be lost: about 8.0 s, near 0 writes (approved up to 30 s).
    What the vault has can not be put back: the vault is of another timeline.
    How long it takes here is not known yet (limit 15 min).
    Is us-east-1 fenced?
    Not yet: us-east-1 still renews its lease. It is closed first, and 8.0 s are waited.
    Renewed 1 s ago.
    Is us-west-2 ready?
    west-1 survives; its newest write is of HH:MM:SS UTC. Checked HH:MM:SS UTC.
    2 services answer in us-west-2.
    Room for 3 services.
    Not known: DNS's control API does not answer (not needed; its weights are put right when it does): Route 53 does not answer.
    After it: west-1 runs alone; us-east-1 is rebuilt before it serves again."
  `);
});

test("what becomes of the service's caches is on the card before anybody approves it", async () => {
  const { service } = testSettings();
  const caches = [
    { name: 'sessions', onRegionLoss: 'promote' as const },
    { name: 'drafts', onRegionLoss: 'startEmpty' as const },
  ];
  const words = wordsOfSections((await previewed(lost({ service: { ...service, caches } }))).sections);
  expect(words).toContain('Cache sessions: the copy in us-west-2 is promoted.\nCache drafts: starts empty.');
});

test('a lock screen says who is down, what it may cost, and whose consent is missing', async () => {
  const preview = await previewed(lost());
  const now = new Date('2026-11-23T08:12:05Z');
  const need = (label: string, person: string) => ({
    slot: { label, eligible: [PersonId.parse(person)], given: undefined },
    need: { label, roles: [Role.parse('database-admin')], eligible: [PersonId.parse(person)] },
  });
  const needs = [need('Incident Commander or Technical Lead', 'john-smith'), need('Database Admin', 'alex-chen')];
  const card = askingCard({
    request: {
      id: R43,
      incident: 'INC-17',
      via: 'incident',
      asker: { name: 'Holdfast' },
      preview: { preview, hash: previewHash(preview), planHash, madeAt: now },
      expiresAt: new Date(now.getTime() + 900_000),
      needs: needs.map((each) => each.need),
    },
    slots: needs.map((each) => each.slot),
    waitingCosts: undefined,
    now,
  } as never);
  expect(card.push.replace(/up to [\d.]+ m?s/, 'up to 2.1 s')).toBe(
    'Approve? us-east-1 is DOWN. Failover to us-west-2 may lose up to 2.1 s of writes (R-43, INC-17). Needs Incident Commander or Technical Lead, and Database Admin.',
  );
  expect(wordsOf(card)).toContain('APPROVAL NEEDED - unplanned failover us-east-1 -> us-west-2   R-43');
});

/** A run that was done, with each step's time. */
async function ran(company: LostCompany, change: (run: RunRecord) => RunRecord = (same) => same) {
  const bench = unplannedBench(company.world, company.store, company.leases);
  await bench.create(R43, await possible(company));
  expect(await bench.execute(R43)).toBe('done');
  const seen = await bench.journal.get(R43);
  if (!seen) throw new Error('no run');
  const steps = seen.value.steps.map((step) => ({ ...step, tookMs: 1_500 }));
  await bench.journal.replace(seen, change({ ...seen.value, steps }));
  return bench.record(R43);
}

const forecastOf = ({ sections }: Preview): string | undefined =>
  wordsOfSections(sections.slice(0, 1)).split('\n').at(-1);

test('how long it takes is said by the runs there were: to the first write, and to the end', async () => {
  const company = lost();
  const fresh = lost();
  expect(forecastOf(await previewed(fresh))).toBe('How long it takes here is not known yet (limit 15 min).');
  await ran(company);
  const again = lost();
  const world = { ...worldOf(again), journal: openJournal(company.store) };
  const preview = await unplannedPreview({ region: 'us-west-2', reason: 'again' }, ASKED, world);
  expect(forecastOf(preview)).toBe(
    'Writes are accepted about 6.0 s after the last approval, all done in about 14 s (limit 15 min).',
  );
  again.hands.fence = { ...again.hands.fence, standing: 'waits', waitMs: 8_000 };
  const waits = await unplannedPreview({ region: 'us-west-2', reason: 'again' }, ASKED, world);
  expect(forecastOf(waits)).toContain('about 13 s after the last approval');
  expect(waits.smallPrint).toEqual(['Times from 1 run.']);
});

const receiptOf = (run: RunRecord): string =>
  wordsOfSections(unplannedReceipt(run)?.sections ?? []).replace(/\d+(\.\d+)? m?s\b|\d+ h \d+ min/g, 'N s');

test('the receipt of a loss says how many, that the old members are not read yet, and where the list is', async () => {
  const company = lost();
  company.hands.loss = { acknowledged: 18_412, missing: 14, putBack: 196, spanMs: 1_600, complete: false };
  expect(receiptOf(await ran(company))).toMatchInlineSnapshot(`
    "Lost             14 writes, N s   (approved up to N s)
    Put back         196 changes from the vault
    Listed by id: /dr receipt R-43
    Writes open      N s after the start
    Service moved    N s   (approved up to 15 min)
    Waited to start  N s
    How we know
    us-east-1 was fenced first: its lease was closed and none renewed for N s.
    18,412 acknowledged writes were looked for in us-west-2, by id; those that are missing are in the loss receipt.
    The members of us-east-1 have not been read yet: what only they have may be added.
    20 of 20 test writes and reads. 100 % of traffic on us-west-2.
    Careful now
    us-west-2 runs alone. Another loss there means a restore.
    us-east-1 must be rebuilt before a failback: /dr rebuild us-east-1
    Left until it answers again: DNS weights, configuration in us-east-1."
  `);
});

test('the receipt never says 0 before every member was read, and says it then', async () => {
  const company = lost();
  const run = await ran(company);
  expect(receiptOf(run)).toContain('Lost             none found so far, of 30 acknowledged writes');
  const whole = lost();
  whole.hands.loss = { ...whole.hands.loss, complete: true };
  expect(receiptOf(await ran(whole))).toContain('Lost             0 of 30 acknowledged writes');
});

test('the form asks for the kind in words that say what is lost, and keeps a hold point that was typed', async () => {
  const form = await failoverForm({ region: 'us-west-2', unplanned: true, holdAt: 'divert-dns' }, { plan } as never);
  expect(form).toMatchInlineSnapshot(`
    {
      "context": "",
      "fields": [
        {
          "id": "region",
          "initial": "us-west-2",
          "kind": "choice",
          "label": "Target",
          "options": [
            {
              "label": "us-east-1 (primary)",
              "value": "us-east-1",
            },
            {
              "label": "us-west-2 (hot standby)",
              "value": "us-west-2",
            },
          ],
        },
        {
          "id": "switch",
          "initial": "unplanned",
          "kind": "choice",
          "label": "Kind",
          "options": [
            {
              "label": "Planned: no write is lost",
              "value": "planned",
            },
            {
              "label": "Unplanned: us-east-1 is gone",
              "value": "unplanned",
            },
          ],
        },
        {
          "id": "hold-at",
          "initial": "divert-dns",
          "kind": "choice",
          "label": "Hold",
          "options": [
            {
              "label": "before divert-dns",
              "value": "divert-dns",
            },
          ],
        },
        {
          "hint": "One line. It goes into the record and to stakeholders.",
          "id": "reason",
          "kind": "line",
          "label": "Reason",
        },
      ],
      "id": "command:failover",
      "submit": "Show preview",
      "title": "Plan a failover",
    }
  `);
  const bare = await failoverForm({}, { plan } as never);
  expect(bare.fields.find(({ id }) => id === 'switch')).toMatchObject({
    label: 'Kind',
    options: [
      { value: 'planned', label: 'Planned: no write is lost' },
      { value: 'unplanned', label: 'Unplanned: us-east-1 is gone' },
    ],
    initial: 'planned',
  });
  expect(bare.fields.map(({ id }) => id)).toEqual(['region', 'switch', 'reason']);
});
