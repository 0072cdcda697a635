import type { Page } from 'playwright-core';
import { EAST } from '#sandbox/company';
import { APPROVE, chosen, type PageBench, serves, WAITING } from './page-bench.ts';

/**
 * A move with the keyboard alone: typed, approved by two other people, watched to its end. `line` without its slash, which
 * opens the composer.
 */
export async function moveByKeyboard({ tab }: PageBench, line: string, to: string): Promise<void> {
  await tab.keyboard.press('/');
  await tab.keyboard.type(line);
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
  const before = await tab.locator('.message', { hasText: `${to} now serves` }).count();
  await approveAs('U0JANEDOE', 1);
  await approveAs('U0ALEXCHEN', 3);
  await tab
    .locator('.message', { hasText: `${to} now serves` })
    .nth(before)
    .waitFor({ timeout: 120_000 });
  await serves(tab, to, to === EAST ? 'east-1 primary' : 'west-1 primary');
}

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
