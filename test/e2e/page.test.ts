import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Company, startCompany } from '#sandbox/company';
import { startCompanyPage } from '#sandbox/launch';
import type { SandboxPage } from '#sandbox/page';
import { launchChromium } from '../../sandbox/chromium.ts';

const dir = mkdtempSync(join(tmpdir(), 'holdfast-page-'));
let company: Company;
let page: SandboxPage;
let browser: Browser;
beforeAll(async () => {
  company = await startCompany({ dir, perSecond: 20, onReady: () => undefined });
  page = await startCompanyPage({ company, port: 0, folder: dir });
  browser = await launchChromium();
}, 150_000);
afterAll(async () => {
  await browser?.close();
  await page?.stop();
  await company?.stop();
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
}, 60_000);
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const WAITING = '.message[data-card=needed]';
const APPROVE = `${WAITING} button[aria-label^="Approve "]`;

async function open(): Promise<{ tab: Page; problems: string[] }> {
  const tab = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  tab.setDefaultTimeout(40_000);
  const problems: string[] = [];
  tab.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') problems.push(line.text());
  });
  tab.on('pageerror', (error) => problems.push(String(error)));
  await tab.goto(page.url);
  await tab.locator('.region').first().waitFor();
  return { tab, problems };
}

/** @throws Error with all that the page says of the servers, when the region does not come to serve there */
async function serves(tab: Page, region: string, member: string): Promise<void> {
  const shown = tab.locator('.region[data-role=SERVING]', { hasText: region }).getByText(member);
  await shown.waitFor().catch(async (late: unknown) => {
    throw new Error(`The page says: ${await tab.locator('#world').innerText()}`, { cause: late });
  });
}

const chosen = (tab: Page, person: string) => tab.locator(`.person[data-person=${person}][data-chosen=true]`).waitFor();

test('John Smith backs up and asks for a failover by mouse, two others approve, and the servers show that it happened', async () => {
  const { tab, problems } = await open();
  await chosen(tab, 'U0JOHNSMITH');
  await tab.fill('#composer-input', '/dr backup mongodb');
  await tab.getByRole('button', { name: 'Send' }).click();
  await tab.locator('.message', { hasText: /B-\d{4}-\d{4} is complete/ }).waitFor();
  await tab.fill('#composer-input', '/dr failover us-west-2');
  await tab.getByRole('button', { name: 'Send' }).click();
  const form = tab.getByRole('dialog', { name: 'Plan a failover' });
  await form.getByLabel('Reason').fill('east storage is slow');
  await form.getByRole('button', { name: 'Show preview' }).click();
  const card = tab.locator(WAITING);
  await card.getByText('Needs 2 different people').waitFor();
  await expect.poll(() => tab.title()).toContain('APPROVAL NEEDED');

  const approve = async () => {
    await tab.locator(APPROVE).click();
    await tab.getByRole('button', { name: /^Approve R-\d+$/ }).click();
  };
  await approve();
  await tab.locator('.only-you', { hasText: 'Not counted.' }).waitFor();
  await tab.getByRole('button', { name: 'Be Jane Doe' }).click();
  await chosen(tab, 'U0JANEDOE');
  await approve();
  await card.getByText('approved by').waitFor();
  await tab.getByRole('button', { name: 'Be Alex Chen' }).click();
  await chosen(tab, 'U0ALEXCHEN');
  await approve();

  const done = tab.locator('.message', { hasText: 'us-west-2 now serves' }).first();
  await done.waitFor({ timeout: 120_000 });
  await done.getByRole('button', { name: /\d+ replies/ }).click();
  await done.locator('.reply', { hasText: 'DONE' }).waitFor();
  await serves(tab, 'us-west-2', 'west-1 primary');
  await expect.poll(() => tab.locator('.tour-steps li[data-done=true]').count()).toBe(2);
  expect(problems).toEqual([]);
}, 150_000);

test('the way back needs the keyboard only', async () => {
  const { tab, problems } = await open();
  await tab.keyboard.press('/');
  await tab.keyboard.type('dr failback us-east-1');
  await tab.keyboard.press('Enter');
  await tab.locator(WAITING).getByText('Needs 2 different people').waitFor();
  const approveAs = async (person: string, downs: number) => {
    await tabTo(tab, '.person input:checked');
    for (let n = 0; n < downs; n += 1) await tab.keyboard.press('ArrowDown');
    await chosen(tab, person);
    await tab.locator(APPROVE).waitFor();
    await tabTo(tab, APPROVE);
    await tab.keyboard.press('Enter');
    await tab.getByRole('button', { name: /^Approve R-\d+$/ }).waitFor();
    await tab.keyboard.press('Enter');
    await tab.locator('.only-you', { hasText: 'Counted: you approved' }).last().waitFor();
  };
  await approveAs('U0JANEDOE', 1);
  await approveAs('U0ALEXCHEN', 3);
  await tab.locator('.message', { hasText: 'us-east-1 now serves' }).first().waitFor({ timeout: 120_000 });
  await serves(tab, 'us-east-1', 'east-1 primary');
  expect(problems).toEqual([]);
}, 150_000);

/** Presses Tab until the focus is there. @throws Error when it does not get there: then a mouse would be needed */
async function tabTo(tab: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    const there = await tab
      .locator(selector)
      .first()
      .evaluate((element) => element === element.ownerDocument.activeElement)
      .catch(() => false);
    if (there) return;
    await tab.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${selector}.`);
}
