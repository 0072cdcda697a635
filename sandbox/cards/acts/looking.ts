import { ALEX, answers, become, GUEST, type Stage } from '../stage.ts';

/** What there is to see before anything has happened. */
export async function looking(stage: Stage): Promise<void> {
  await answers(stage, [
    ['help', '/dr help'],
    ['help-failover', '/dr help failover'],
    ['help-restore', '/dr help restore'],
    ['whoami', '/dr whoami'],
    ['oncall', '/dr oncall'],
    ['approvals-none', '/dr approvals'],
    ['status', '/dr status'],
    ['health', '/dr health'],
    ['members', '/dr members'],
    ['backups-none', '/dr backups'],
    ['unknown-command', '/dr fialover us-west-2'],
    ['unknown-region', '/dr failover us-west-1 --reason "test"'],
    ['active-region', '/dr failover us-east-1 --reason "test"'],
    ['no-backup-yet', '/dr failover us-west-2 --reason "test"'],
  ]);
  await stage.company.slack.asUser(ALEX).slash('/dr failover');
  await stage.take('form-failover', stage.tab.getByRole('dialog'));
  await stage.company.slack.asUser(ALEX).closeView();
}

/** The same for somebody whom the plan does not name. */
export async function guest({ tab, take, company }: Stage): Promise<void> {
  await become(tab, GUEST);
  await company.slack.asUser(GUEST).slash('/dr backup mongodb');
  await take('guest-refused', tab.locator('article.only-you').last());
  await company.slack.asUser(GUEST).slash('/dr help');
  const help = tab.locator('article.only-you', { hasText: 'no role in the plan' }).last();
  await take('guest-help', help);
  await become(tab, ALEX);
}
