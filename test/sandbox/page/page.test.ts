import { describe, expect, it } from 'vitest';
import type { PhoneItem } from '#sandbox/page';
import { alex, john } from '../slack/helpers.ts';
import { open, phone, scene, sideways } from './harness.ts';

const approve = 'Approve run R-42, planned failover to us-west-2';

describe('the sandbox page in a real browser', { timeout: 60_000 }, () => {
  it('takes a command, shows the card, changes the person and approves behind a question', async () => {
    const { slack, page } = await scene();
    const { tab, problems, outside } = await open(page.url);
    await tab.fill('#composer-input', '/dr failover us-west-2');
    await tab.keyboard.press('Enter');
    await tab.locator('.only-you', { hasText: 'waiting for 2 approvals' }).waitFor();
    const card = tab.locator('.message[data-card=needed]');
    await card.waitFor();
    await expect.poll(() => tab.title()).toBe('(1) APPROVAL NEEDED - Holdfast sandbox');
    expect(await card.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await tab.getByRole('button', { name: 'Be Alex Chen' }).click();
    await tab.locator('.person[data-person=U0ALEXCHEN][data-chosen=true]').waitFor();
    await expect.poll(() => tab.locator('.only-you').count()).toBe(0);
    await tab.getByRole('button', { name: approve }).click();
    await tab.getByRole('button', { name: 'Not yet' }).click();
    expect(slack.messages().filter((message) => message.thread_ts !== undefined)).toEqual([]);
    await tab.getByRole('button', { name: approve }).click();
    await tab.getByRole('button', { name: 'Approve R-42', exact: true }).click();
    await card.getByText('approved by Alex Chen').waitFor();
    await tab.getByRole('button', { name: '1 reply' }).click();
    await tab.locator('.reply', { hasText: 'approved as Database Admin' }).waitFor();
    expect(problems).toEqual([]);
    expect(outside).toEqual([]);
  });

  it('shows what rings on a phone to whoever has it, who can acknowledge it there', async () => {
    const rings: PhoneItem[] = [
      {
        id: 'Q1',
        person: alex,
        at: Date.now(),
        how: 'PagerDuty',
        text: 'SEV-1 us-east-1 DB: no primary',
        state: 'calling',
      },
      { id: 'S1', person: alex, at: Date.now() - 1000, how: 'SMS', text: 'SEV-1 INC-17: <b>no primary</b>' },
    ];
    const pressed: string[] = [];
    const { page } = await scene({
      phones: {
        read: () =>
          rings.map((ring) => (pressed.includes(`${alex} ${ring.id}`) ? { ...ring, state: 'acknowledged' } : ring)),
        acknowledge: async (person, id) => void pressed.push(`${person} ${id}`),
      },
    });
    const { tab, problems } = await open(page.url);
    await tab.locator(`.person[data-person=${alex}]`).getByText('paged').waitFor();
    await tab.getByText('Has not rung.').waitFor();
    await tab.locator(`.person[data-person=${alex}]`).click();
    await tab.locator('.ring', { hasText: 'SEV-1 INC-17: <b>no primary</b>' }).waitFor();
    await tab.getByRole('button', { name: /^Acknowledge on the phone of Alex Chen/ }).click();
    await tab.locator('.ring', { hasText: 'acknowledged' }).waitFor();
    expect(pressed).toEqual([`${alex} Q1`]);
    expect(await sideways(tab)).toBe(0);
    expect(problems).toEqual([]);
  });

  it('fills in a form: what is missing is said at the field, what is refused too', async () => {
    const { slack, page } = await scene();
    const { tab, problems } = await open(page.url);
    await tab.fill('#composer-input', '/dr plan');
    await tab.keyboard.press('Enter');
    const form = tab.getByRole('dialog', { name: 'Plan a failover' });
    await form.waitFor();
    await form.getByRole('button', { name: 'Show preview' }).click();
    await form.getByText('Please complete this required field.').waitFor();
    await form.getByLabel('Reason').fill('slow');
    await form.getByLabel('Unplanned: us-east-1 is gone').check();
    await form.getByRole('button', { name: 'Show preview' }).click();
    await form.getByText('Say it in at least five letters.').waitFor();
    expect(await form.getByLabel('Reason').inputValue()).toBe('slow');
    await form.getByLabel('Reason').fill('east is slow');
    await tab.keyboard.press('Enter');
    await form.waitFor({ state: 'hidden' });
    await slack.waitFor(() => slack.messages()[0]?.text === 'Planned: unplanned, "east is slow"', 3000);
    expect(problems).toEqual([]);
  });

  it('needs no mouse at all', async () => {
    const { slack, page } = await scene();
    const { tab } = await open(page.url);
    await tab.keyboard.press('/');
    await tab.keyboard.type('dr fa');
    await tab.keyboard.press('ArrowDown');
    expect(await tab.locator('#composer-input').getAttribute('aria-activedescendant')).toBe('hint-0');
    await tab.keyboard.press('Tab');
    expect(await tab.inputValue('#composer-input')).toBe('/dr failover us-west-2 ');
    await tab.keyboard.press('Enter');
    const card = tab.locator('.message[data-card=needed]');
    await card.waitFor();
    await expect.poll(() => focusedIn(tab, '.message[data-card=needed]')).toBe(true);
    // The overflow menu, closed again with Esc.
    await tab.keyboard.press('Enter');
    for (let n = 0; n < 3; n++) await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await tab.getByRole('menuitem', { name: 'Why these people?' }).waitFor();
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('Enter');
    await tab.locator('.only-you', { hasText: 'The plan asks for these roles.' }).waitFor();
    // Another person by arrow, as in any group of radio buttons.
    await tab.locator('.person input:checked').focus();
    for (let n = 0; n < 4; n++) await tab.keyboard.press('ArrowDown');
    await tab.locator('.person[data-person=U0ALEXCHEN][data-chosen=true]').waitFor();
    await tab.locator(`.message[data-card=needed] [aria-label="${approve}"]`).focus();
    await tab.keyboard.press('Enter');
    await tab.getByRole('button', { name: 'Approve R-42', exact: true }).waitFor();
    await tab.keyboard.press('Enter');
    await slack.waitFor(() => slack.messages().some(({ text }) => text.includes('Alex Chen approved')), 3000);
    await tab.keyboard.press('Escape');
    await expect.poll(() => focusedIn(tab, '#composer-input')).toBe(true);
    await tab.keyboard.press('ArrowUp');
    expect(await tab.inputValue('#composer-input')).toBe('/dr failover us-west-2');
  });

  it('shows each message on the clock of the person who reads it', async () => {
    const { page } = await scene();
    const { tab } = await open(page.url);
    await tab.fill('#composer-input', '/dr status');
    await tab.keyboard.press('Enter');
    const answer = tab.locator('.only-you', { hasText: 'ALL GOOD' });
    await answer.getByText('11:00:00').waitFor();
    await tab.selectOption('#zone', 'UTC');
    await answer.getByText('16:00:00').waitFor();
  });

  it('shows edits, deletions and reactions in place, and direct messages to their person only', async () => {
    const { slack, page } = await scene();
    const { tab } = await open(page.url);
    const message = slack.asUser(john).say('first <!channel> & *bold* `code` <script>alert(1)</script>');
    const shown = tab.locator(`[data-ts="${message.ts}"]`);
    await shown.getByText('<script>alert(1)</script>').waitFor();
    slack.asUser(john).editMessage(message.ts, 'second');
    await shown.getByText('second (edited)').waitFor();
    slack.asUser(alex).react(message.ts, 'eyes');
    await shown.getByText(':eyes: 1').waitFor();
    slack.asUser(john).deleteMessage(message.ts);
    await shown.waitFor({ state: 'detached' });
    slack.asUser(alex).say('only for the bot', undefined, { channel: directChannel(slack, alex) });
    await tab.locator('.person[data-person=U0ALEXCHEN]').click();
    await tab.getByRole('button', { name: 'Holdfast direct' }).click();
    await tab.getByText('only for the bot').waitFor();
    await tab.locator(`.person[data-person=${john}]`).click();
    await tab.getByRole('button', { name: 'Holdfast direct' }).waitFor({ state: 'detached' });
    await expect.poll(() => tab.getByText('only for the bot').count()).toBe(0);
  });

  it('shows the world, breaks things and ticks the tour', async () => {
    const { slack, page, broken } = await scene();
    const { tab } = await open(page.url);
    await tab.locator('.region[data-role=DOWN]', { hasText: 'us-east-1' }).waitFor();
    await tab.getByText('41,866').waitFor();
    await tab.getByRole('button', { name: 'Kill us-east-1' }).click();
    await tab.getByText('kill is done.').waitFor();
    expect(broken).toEqual(['kill']);
    slack.asUser(john).say('hello');
    await tab.locator('.tour-steps li[data-done=true]').waitFor();
    await tab.getByRole('button', { name: 'Hide' }).click();
    expect(await tab.locator('#tour').isVisible()).toBe(false);
  });

  it('says when the servers cannot be read, and when Slack is cut off', async () => {
    const { slack, page } = await scene({ readWorld: async () => Promise.reject(new Error('no answer')) });
    const { tab } = await open(page.url);
    await tab.getByText('The servers cannot be read: no answer').waitFor();
    await slack.break({ kind: 'cut', seconds: 60 });
    await tab.getByText('Slack is cut off. Nothing you type is sent.').waitFor();
    await tab.fill('#composer-input', '/dr status');
    await tab.keyboard.press('Enter');
    await tab.locator('.toast', { hasText: 'Slack cannot be reached' }).waitFor();
    expect(await tab.inputValue('#composer-input')).toBe('/dr status');
  });

  it('fits a phone: nothing sideways in any of its parts', async () => {
    const { slack, page } = await scene();
    const { tab, problems } = await open(page.url, phone, { hasTouch: true, isMobile: true });
    await slack.asUser(john).slash('/dr failover us-west-2');
    await tab.locator('.message[data-card=needed]').waitFor();
    expect(await sideways(tab)).toBe(0);
    await tab.reload();
    await expect.poll(() => bottomGap(tab)).toBeLessThan(2);
    await tab.getByRole('button', { name: 'World' }).tap();
    await tab.locator('.region').first().waitFor();
    expect(await sideways(tab)).toBe(0);
    await tab.getByRole('button', { name: 'John Smith' }).first().tap();
    await tab.locator('.person[data-person=U0ALEXCHEN]').tap();
    await tab.getByRole('button', { name: approve }).tap();
    await tab.getByRole('button', { name: 'Approve R-42', exact: true }).tap();
    await tab.locator('.message[data-card=needed]', { hasText: 'approved by Alex Chen' }).waitFor();
    expect(problems).toEqual([]);
  });

  it('would be caught asking elsewhere or being too wide', async () => {
    const { page } = await scene();
    const { tab, problems } = await open(page.url, phone);
    await tab.locator('#messages').evaluate((box) => {
      const wide = box.ownerDocument.createElement('div');
      wide.style.width = '900px';
      wide.textContent = 'x';
      box.append(wide);
    });
    expect(await sideways(tab)).toBeGreaterThan(400);
    const blocked = await tab.evaluate(() => fetch('https://example.invalid/').then(String, String));
    expect(blocked).toContain('TypeError');
    await expect.poll(() => problems.join()).toContain('Content Security Policy');
  });

  it('comes back by itself after the page was out of reach', async () => {
    const first = await scene();
    const { tab } = await open(first.page.url);
    await first.page.stop();
    await tab.getByText('Reconnecting...').waitFor();
    const port = Number(new URL(first.page.url).port);
    const { startSandboxPage } = await import('#sandbox/page');
    const again = await startSandboxPage({
      slack: first.slack,
      port,
      commands: () => [],
      readWorld: async () => Promise.reject(new Error('none')),
      breakers: [],
      runBreaker: async () => undefined,
      tour: async () => [],
    });
    try {
      first.slack.asUser(john).say('while you were away');
      await tab.getByText('while you were away').waitFor();
    } finally {
      await tab.context().close();
      await again.stop();
    }
  });
});

/** How far the end of the channel is below what is shown, in pixels. */
function bottomGap(tab: Awaited<ReturnType<typeof open>>['tab']): Promise<number> {
  return tab.locator('#messages').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
}

function focusedIn(tab: Awaited<ReturnType<typeof open>>['tab'], selector: string): Promise<boolean> {
  return tab.locator(selector).evaluate((element) => element === element.ownerDocument.activeElement);
}

function directChannel(slack: Awaited<ReturnType<typeof scene>>['slack'], person: string): string {
  slack.asUser(person).direct();
  const channel = slack.channels.find((candidate) => candidate.with === person);
  if (channel === undefined) throw new Error('The direct channel was not made.');
  return channel.id;
}
