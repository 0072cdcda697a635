import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { RequestId } from '#core';
import { APPROVE, chosen, type PageBench, serves, WAITING } from './page-bench.ts';

/** John Smith backs up by mouse. */
export async function backUpByMouse({ tab }: PageBench): Promise<void> {
  await chosen(tab, 'U0JOHNSMITH');
  await send(tab, '/dr backup mongodb');
  await tab.locator('.message', { hasText: /B-\d{4}-\d{4} is complete/ }).waitFor();
}

/**
 * John Smith asks for a failover to us-west-2 by mouse, is not counted as an approver, and two others approve. Resolves with
 * the request when the thread says that it is done and the page what the servers say.
 */
export async function failOverByMouse({ tab }: PageBench): Promise<RequestId> {
  await send(tab, '/dr failover us-west-2');
  const form = tab.getByRole('dialog', { name: 'Plan a failover' });
  await form.getByLabel('Reason').fill('east storage is slow');
  await form.getByRole('button', { name: 'Show preview' }).click();
  const card = tab.locator(WAITING);
  await card.getByText('Needs 2 different people').waitFor();
  await expect.poll(() => tab.title()).toContain('APPROVAL NEEDED');
  const request = RequestId.parse((await tab.locator(APPROVE).getAttribute('aria-label'))?.match(/R-\d+/)?.[0]);

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
  return request;
}

async function send(tab: Page, line: string): Promise<void> {
  await tab.fill('#composer-input', line);
  await tab.getByRole('button', { name: 'Send' }).click();
}
