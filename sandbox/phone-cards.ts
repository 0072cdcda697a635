/**
 * `npm run cards -- FOLDER`: a picture at phone size of everything Holdfast shows in Slack, one file each, taken of the
 * real page on a real company while the story of each card happens. For looking at, before and after a change of words.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { type Company, companyBreakers } from '#sandbox/company';
import type { Message } from '#sandbox/slack';
import { type Scene, withCamera } from './camera.ts';

const [ALEX, JOHN, MIKE, GUEST] = ['U0ALEXCHEN', 'U0JOHNSMITH', 'U0MIKEJOHNSON', 'U0GUEST'] as const;
const folder = resolve(process.argv[2] ?? 'cards');
mkdirSync(folder, { recursive: true });

interface Stage {
  readonly company: Company;
  readonly tab: Page;
  /** The picture of one thing, numbered in the order of the story. */
  take(name: string, of: Locator): Promise<void>;
}

const DESK = { width: 1280, height: 800 };
const TRIES = 20;
/** As wide as a phone, and so high that no card has to be scrolled. */
const PHONE = { width: 390, height: 2400 };

/** People stand beside the channel where there is room for them, so the choice is made there. */
async function become(tab: Page, person: string): Promise<void> {
  await tab.setViewportSize(DESK);
  await tab.locator(`.person[data-person=${person}]`).click();
  await tab.setViewportSize(PHONE);
}

let number = 0;
const pictures = (tab: Page) => async (name: string, of: Locator) => {
  number += 1;
  const path = join(folder, `${String(number).padStart(2, '0')}-${name}.png`);
  // The page draws a message anew when Slack edits it, under the camera's eyes.
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    await of.waitFor();
    const taken = await of.screenshot({ path, timeout: 3_000 }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (taken === undefined) break;
    if (attempt === TRIES) throw taken;
    await tab.waitForTimeout(200);
  }
  console.log(`${number} ${name}`);
};

const root = ({ company: { slack } }: Stage, sign: RegExp): Promise<Message> =>
  slack.waitFor(
    () => slack.messages().findLast((each) => each.thread_ts === undefined && sign.test(each.text)),
    120_000,
    sign.source,
  );

/** Types a line as Alex Chen and takes the answer that only Alex sees. */
async function answer(stage: Stage, name: string, line: string): Promise<void> {
  const { company, tab, take } = stage;
  const before = company.slack.ephemerals(ALEX).at(-1)?.ts ?? '';
  await company.slack.asUser(ALEX).slash(line);
  await company.slack.waitFor(
    () => (company.slack.ephemerals(ALEX).at(-1)?.ts ?? '') > before,
    20_000,
    `an answer to ${line}`,
  );
  await take(name, tab.locator('article.only-you').last());
}

/** Asks as Mike Johnson, and takes the card when its state is this. */
async function asked(stage: Stage, line: string, sign: RegExp): Promise<Message> {
  await stage.company.slack.asUser(MIKE).slash(line);
  return root(stage, sign);
}

const cardOf = ({ tab }: Stage, text: string | RegExp): Locator =>
  tab.locator('article.message:not(.reply):not(.only-you)', { hasText: text }).last();

async function approve({ company }: Stage, card: Message, people: readonly string[]): Promise<void> {
  for (const person of people) await company.slack.asUser(person).click(card.ts, 'approve');
}

async function looking(stage: Stage): Promise<void> {
  for (const [name, line] of [
    ['help', '/dr help'],
    ['help-failover', '/dr help failover'],
    ['whoami', '/dr whoami'],
    ['oncall', '/dr oncall'],
    ['approvals-none', '/dr approvals'],
    ['status', '/dr status'],
    ['backups-none', '/dr backups'],
    ['unknown-command', '/dr fialover us-west-2'],
    ['unknown-region', '/dr failover us-west-1 --reason "test"'],
    ['active-region', '/dr failover us-east-1 --reason "test"'],
    ['no-backup-yet', '/dr failover us-west-2 --reason "test"'],
  ] as const) {
    await answer(stage, name, line);
  }
  await stage.company.slack.asUser(ALEX).slash('/dr failover');
  await stage.take('form-failover', stage.tab.getByRole('dialog'));
  await stage.company.slack.asUser(ALEX).closeView();
}

async function backup(stage: Stage): Promise<void> {
  await stage.company.slack.asUser(ALEX).slash('/dr backup mongodb');
  // A quick machine may be through before anybody can look.
  const seen = await root(stage, /^RUNNING|^DONE: B-/);
  if (seen.text.startsWith('RUNNING')) await stage.take('backup-running', cardOf(stage, 'RUNNING'));
  await root(stage, /^DONE: B-/);
  await stage.take('backup-done', cardOf(stage, 'is complete'));
  await stage.company.slack.asUser(ALEX).slash('/dr verify');
  await root(stage, /^DONE: B-.*verified/);
  await stage.take('verify-done', cardOf(stage, 'verified'));
  await answer(stage, 'backups', '/dr backups');
}

const FAILOVER = '/dr failover us-west-2 --reason "east storage is slow, drivers time out"';

async function decisions(stage: Stage): Promise<void> {
  const { company, take, tab } = stage;
  const denied = await asked(stage, FAILOVER, /^Approve\?/);
  await take('failover-waiting', cardOf(stage, 'APPROVAL NEEDED'));
  await cardOf(stage, 'APPROVAL NEEDED').locator('button', { hasText: 'Details' }).click();
  await take('failover-details', tab.getByRole('dialog'));
  await company.slack.asUser(ALEX).closeView();
  await answer(stage, 'approvals', '/dr approvals');
  await approve(stage, denied, [ALEX]);
  await tab.locator('article.only-you', { hasText: 'Counted' }).last().waitFor();
  await take('approve-counted', tab.locator('article.only-you').last());
  await take('failover-one-of-two', cardOf(stage, 'APPROVAL NEEDED'));
  await company.slack.asUser(JOHN).click(denied.ts, 'deny');
  await company.slack.waitFor(() => company.slack.asUser(JOHN).openView(), 20_000, 'the form of the denial');
  await company.slack.asUser(JOHN).submitView({ reason: 'storage recovered, wait' });
  await root(stage, /^DENIED/);
  await take('failover-denied', cardOf(stage, 'DENIED'));
  const cancelled = await asked(stage, FAILOVER, /^Approve\?/);
  await company.slack.asUser(MIKE).slash(`/dr cancel ${/\((R-\d+)\)/.exec(cancelled.text)?.[1] ?? ''}`);
  await root(stage, /^CANCELLED/);
  await take('failover-cancelled', cardOf(stage, 'CANCELLED'));
}

async function move(stage: Stage): Promise<void> {
  const { company, take, tab } = stage;
  const card = await asked(stage, FAILOVER, /^Approve\?/);
  const request = /\((R-\d+)\)/.exec(card.text)?.[1] ?? '';
  await approve(stage, card, [ALEX, JOHN]);
  await root(stage, /^RUNNING: .* step [234] of/);
  await take('failover-running', cardOf(stage, 'RUNNING'));
  await company.slack.asUser(ALEX).slash(`/dr hold ${request} --reason "checking driver app"`);
  await root(stage, /^HELD/);
  await take('failover-held', cardOf(stage, 'HELD'));
  await company.slack.asUser(ALEX).slash(`/dr resume ${request}`);
  await root(stage, /^DONE: .*us-west-2/);
  const done = cardOf(stage, 'us-west-2 now serves');
  await take('failover-done', done);
  await done.getByRole('button', { name: /\d+ repl/ }).click();
  await done.locator('.reply', { hasText: 'DONE' }).waitFor({ timeout: 60_000 });
  await take('failover-thread', done);
  await done
    .getByRole('button', { name: /hide|close|repl/i })
    .first()
    .click();
  await answer(stage, 'show', `/dr show ${request}`);
  await answer(stage, 'timeline', `/dr timeline ${request}`);
  await answer(stage, 'status-west', '/dr status');
  await tab.waitForTimeout(100);
}

async function wayBack(stage: Stage): Promise<void> {
  const { company, take } = stage;
  const stopped = await asked(stage, '/dr failback us-east-1 --reason "east is well"', /^Approve\? failback/);
  await take('failback-waiting', cardOf(stage, 'APPROVAL NEEDED'));
  await approve(stage, stopped, [ALEX, JOHN]);
  await root(stage, /^RUNNING: failback/);
  const request = /\((R-\d+)\)/.exec(stopped.text)?.[1] ?? '';
  await company.slack.asUser(ALEX).slash(`/dr stop ${request} --reason "drivers complain"`);
  await root(stage, /^STOPPED/).catch(async (error: unknown) => {
    await answer(stage, 'failback-why', `/dr timeline ${request}`);
    throw error;
  });
  await take('failback-stopped', cardOf(stage, 'STOPPED'));
}

async function restore(stage: Stage): Promise<void> {
  const { company, take } = stage;
  const breakers = companyBreakers(company);
  await breakers.run('drop-driver-logs');
  breakers.stop();
  await company.slack.asUser(MIKE).slash('/dr restore latest');
  await root(stage, /^DONE: .*proved|^DONE: B-.*restored|^DONE: restore/i);
  await take('restore-done', stage.tab.locator('article.message:not(.reply)', { hasText: 'read back' }).last());
  const swap = await root(stage, /^Approve\? swap/);
  await take('swap-waiting', cardOf(stage, 'APPROVAL NEEDED'));
  await approve(stage, swap, [ALEX, JOHN]);
  await root(stage, /^DONE: .*swapped in/);
  await take('swap-done', cardOf(stage, 'swapped in'));
}

async function refusals(stage: Stage): Promise<void> {
  const { tab, take, company } = stage;
  await become(tab, GUEST);
  await company.slack.asUser(GUEST).slash('/dr backup mongodb');
  await take('guest-refused', tab.locator('article.only-you').last());
  await company.slack.asUser(GUEST).slash('/dr help');
  await tab.waitForTimeout(1_500);
  await take('guest-help', tab.locator('article.only-you').last());
}

/** Opened by hand, as a guest would: what detectors find looks the same. */
async function incident(stage: Stage): Promise<void> {
  const { company, take } = stage;
  await company.slack.asUser(MIKE).slash('/dr incident open "drivers report time-outs" --sev 2');
  const opened = await root(stage, /^SEV-2 INC-\d+/);
  const id = /INC-\d+/.exec(opened.text)?.[0] ?? '';
  await take('incident-open', cardOf(stage, 'SEV-2 OPEN'));
  await answer(stage, 'incidents', '/dr incident');
  await answer(stage, 'incident-price', `/dr incident sev 1 ${id}`);
  await answer(stage, 'incident-ack', `/dr ack ${id}`);
  await answer(stage, 'incident-catch-up', `/dr incident catch-up ${id}`);
  await answer(stage, 'playbook-database', '/dr playbook database');
  await answer(stage, 'playbook-application', '/dr playbook application');
  await answer(stage, 'status-incident', '/dr status');
  await company.slack.asUser(ALEX).slash(`/dr incident resolve ${id} --reason "the network is back"`);
  await root(stage, /^RESOLVED/);
  await take('incident-resolved', cardOf(stage, 'RESOLVED'));
}

const ACTS = [looking, incident, backup, decisions, move, wayBack, restore, refusals];

let exitCode = 0;
async function takeAll({ company, url, browser }: Scene): Promise<void> {
  const context = await browser.newContext({ viewport: DESK, deviceScaleFactor: 2 });
  const tab = await context.newPage();
  tab.setDefaultTimeout(20_000);
  await tab.goto(url);
  await become(tab, ALEX);
  const stage: Stage = { company, tab, take: pictures(tab) };
  for (const act of ACTS) {
    await act(stage).catch((error: unknown) => {
      exitCode = 1;
      console.error(
        `${act.name} was not shown to its end: ${error instanceof Error ? error.message.slice(0, 500) : error}`,
      );
    });
  }
}

try {
  await withCamera('cards', takeAll);
} catch (error) {
  console.error(error);
  exitCode = 1;
}
process.exit(exitCode);
