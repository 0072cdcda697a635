import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach } from 'vitest';
import { type SandboxPage, type SandboxPageOptions, startSandboxPage } from '#sandbox/page';
import { rosterPeople, type SlackWorkspace, startSlackWorkspace } from '#sandbox/slack';
import { launchChromium } from '../../../sandbox/chromium.ts';
import { breakers, commands, world } from './data.ts';
import { startScriptedBot } from './scripted-bot.ts';

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

let browser: Browser | undefined;
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
afterAll(async () => browser?.close());

export interface Scene {
  readonly slack: SlackWorkspace;
  readonly page: SandboxPage;
  readonly broken: string[];
}

/** A workspace with the scripted bot and its page; all of it stops after the test. */
export async function scene(change: Partial<SandboxPageOptions> = {}): Promise<Scene> {
  const slack = await startSlackWorkspace({ people: [...rosterPeople] });
  cleanups.push(() => slack.stop());
  const bot = await startScriptedBot(slack);
  cleanups.push(() => bot.stop());
  const broken: string[] = [];
  const page = await startSandboxPage({
    slack,
    port: 0,
    commands: () => commands,
    readWorld: async () => world,
    breakers,
    runBreaker: async (id) => {
      broken.push(id);
      return `${id} is done.`;
    },
    tour: async () => (slack.messages().length > 0 ? ['back-up'] : []),
    ...change,
  });
  cleanups.push(() => page.stop());
  return { slack, page, broken };
}

export interface OpenPage {
  readonly tab: Page;
  /** Everything that went wrong in the browser; a test expects none. */
  readonly problems: string[];
  /** Addresses asked for outside of this machine. */
  readonly outside: string[];
}

/** The page in a real Chromium of this size. */
export async function open(url: string, viewport = desktop, more: BrowserContextOptions = {}): Promise<OpenPage> {
  browser ??= await launchChromium();
  const context = await browser.newContext({ viewport, ...more });
  cleanups.push(() => context.close());
  const tab = await context.newPage();
  tab.setDefaultTimeout(15_000);
  const problems: string[] = [];
  const outside: string[] = [];
  tab.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') problems.push(line.text());
  });
  tab.on('pageerror', (error) => problems.push(String(error)));
  tab.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') outside.push(request.url());
  });
  await tab.goto(url);
  await tab.locator('.person').first().waitFor({ state: 'attached' });
  return { tab, problems, outside };
}

/** How many pixels the page could be moved sideways. */
export function sideways(tab: Page): Promise<number> {
  return tab
    .locator('html, body, .column, .messages')
    .evaluateAll((all) => Math.max(...all.map((element) => element.scrollWidth - element.clientWidth)));
}
