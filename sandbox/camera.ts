import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { type Company, startCompany } from '#sandbox/company';
import { startCompanyPage } from '#sandbox/launch';
import { launchChromium } from './chromium.ts';
import { stopOnSignal } from './stop-signals.ts';

/** What pictures are taken of, and with. */
export interface Scene {
  readonly company: Company;
  /** The page's address. */
  readonly url: string;
  readonly browser: Browser;
}

/** Starts a company, its page and a browser, has pictures taken, and stops all of it, whatever happened. Rejects as `take` does. */
export async function withCamera(purpose: string, take: (scene: Scene) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), `holdfast-${purpose}-`));
  const undo: (() => unknown)[] = [() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 })];
  const end = async (): Promise<void> => {
    for (const each of undo.splice(0).reverse()) await each();
  };
  stopOnSignal(end);
  try {
    const company = await startCompany({ dir, perSecond: 50, onReady: (part) => console.log(`${part} ready`) });
    undo.push(() => company.stop());
    const page = await startCompanyPage({ company, port: 0, folder: dir });
    undo.push(() => page.stop());
    const browser = await launchChromium();
    undo.push(() => browser.close());
    await take({ company, url: page.url, browser });
  } finally {
    await end();
  }
}
