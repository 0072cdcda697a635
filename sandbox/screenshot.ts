/** `npm run screenshot`: docs/screenshot.png, taken of the real page while a real failover is under way. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import type { Company } from '#sandbox/company';
import { withCamera } from './camera.ts';

const PATH = join(dirname(fileURLToPath(import.meta.url)), '../docs/screenshot.png');
const MOMENT = /^RUNNING: .* step 4 of/;

/** A backup first, so that the card can name one; then a failover that two people approve. */
async function play({ slack }: Company): Promise<void> {
  const [alex, john, mike] = ['U0ALEXCHEN', 'U0JOHNSMITH', 'U0MIKEJOHNSON'].map((id) => slack.asUser(id));
  const root = (sign: RegExp, withinMs: number) =>
    slack.waitFor(
      () => slack.messages().findLast((each) => each.thread_ts === undefined && sign.test(each.text)),
      withinMs,
      sign.source,
    );
  await alex?.slash('/dr backup mongodb');
  await root(/^DONE: B-/, 120_000);
  await mike?.slash('/dr failover us-west-2 --reason "east storage is slow, drivers time out"');
  const card = await root(/^Approve\?/, 60_000);
  await john?.click(card.ts, 'approve');
  await alex?.click(card.ts, 'approve');
  await root(MOMENT, 120_000);
}

/** The page as Alex Chen, the run's message at the top and its thread open. */
async function take(browser: Browser, url: string, company: Company): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 });
  const tab = await context.newPage();
  tab.setDefaultTimeout(60_000);
  await tab.goto(url);
  await tab.locator('.person[data-person=U0ALEXCHEN]').click();
  await play(company);
  const card = tab.locator('.message', { hasText: 'RUNNING' }).last();
  await card.getByRole('button', { name: /\d+ repl/ }).click();
  await card.locator('.reply', { hasText: '4/8' }).waitFor();
  await card.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  mkdirSync(dirname(PATH), { recursive: true });
  await tab.screenshot({ path: PATH });
}

try {
  await withCamera('screenshot', ({ browser, url, company }) => take(browser, url, company));
  console.log(`Taken: ${PATH}`);
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
