import { ALEX, answer, approve, asked, cardOf, JOHN, MIKE, requestIn, root, type Stage } from '../stage.ts';

export const FAILOVER = '/dr failover us-west-2 --reason "east storage is slow, drivers time out"';

/** A card until it is denied, taken back, or void. */
export async function decisions(stage: Stage): Promise<void> {
  const { company, take, tab } = stage;
  const denied = await asked(stage, FAILOVER, /^Approve\?/);
  await take('failover-waiting', cardOf(stage, 'APPROVAL NEEDED'));
  await cardOf(stage, 'APPROVAL NEEDED').locator('button', { hasText: 'Details' }).click();
  await take('failover-details', tab.getByRole('dialog'));
  await company.slack.asUser(ALEX).closeView();
  await answer(stage, 'approvals', '/dr approvals');
  await answer(stage, 'failover-dry-run', `${FAILOVER} --dry-run`);
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
  await company.slack.asUser(MIKE).slash(`/dr cancel ${requestIn(cancelled)}`);
  await root(stage, /^CANCELLED/);
  await take('failover-cancelled', cardOf(stage, 'CANCELLED'));
}
