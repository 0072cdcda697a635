import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startCompanyPage } from '#sandbox/launch';
import { launchChromium } from '../../../sandbox/chromium.ts';
import type { CompanyBench } from '../company-bench.ts';

export const WAITING = '.message[data-card=needed]';
export const APPROVE = `${WAITING} button[aria-label^="Approve "]`;

/** The sandbox's page in a real browser, on a company that runs. */
export interface PageBench {
  readonly tab: Page;
  /** What the browser's console complained of. */
  readonly problems: readonly string[];
}

/** Opens the page, has something done in it, and closes it whatever happens. */
export async function withPage<T>({ company }: CompanyBench, work: (page: PageBench) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-page-'));
  const page = await startCompanyPage({ company, port: 0, folder });
  try {
    const browser = await launchChromium();
    try {
      const tab = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
      tab.setDefaultTimeout(40_000);
      const problems: string[] = [];
      tab.on('console', (line) => {
        if (line.type() === 'error' || line.type() === 'warning') problems.push(line.text());
      });
      tab.on('pageerror', (error) => problems.push(String(error)));
      await tab.goto(page.url);
      await tab.locator('.region').first().waitFor();
      return await work({ tab, problems });
    } finally {
      await browser.close();
    }
  } finally {
    await page.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** @throws Error with all that the page says of the servers, when the region does not come to serve there */
export async function serves(tab: Page, region: string, member: string): Promise<void> {
  const shown = tab.locator('.region[data-role=SERVING]', { hasText: region }).getByText(member);
  await shown.waitFor().catch(async (late: unknown) => {
    throw new Error(`The page says: ${await tab.locator('#world').innerText()}`, { cause: late });
  });
}

/** Waits until that person acts in the page. */
export const chosen = (tab: Page, person: string): Promise<void> =>
  tab.locator(`.person[data-person=${person}][data-chosen=true]`).waitFor();
