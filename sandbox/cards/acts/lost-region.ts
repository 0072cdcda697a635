import { EAST, loseRegion, returnRegion } from '#sandbox/company';
import { ALEX, answers, approve, type asked, cardOf, JOHN, requestIn, root, type Stage, takeThread } from '../stage.ts';

/** The home region dies while it serves; it is left, comes back, and is rebuilt. */
export async function lostRegion(stage: Stage): Promise<void> {
  const { company, take, tab } = stage;
  await loseRegion(company, EAST);
  const opened = await root(stage, /^SEV-1 INC-\d+/);
  const id = /INC-\d+/.exec(opened.text)?.[0] ?? '';
  await take('lost-incident', cardOf(stage, 'SEV-1 OPEN'));
  const card = await root(stage, /^Approve\? us-east-1 is DOWN/);
  await take('lost-proposed', cardOf(stage, 'APPROVAL NEEDED'));
  await cardOf(stage, 'APPROVAL NEEDED').locator('button', { hasText: 'Details' }).click();
  await take('lost-details', tab.getByRole('dialog'));
  await company.slack.asUser(ALEX).closeView();
  await answers(stage, [
    ['lost-status', '/dr status'],
    ['lost-health', '/dr health'],
    ['lost-catch-up', `/dr incident catch-up ${id}`],
  ]);
  await approve(stage, card, [ALEX, JOHN]);
  await root(stage, /^RUNNING: .*unplanned/);
  await take('lost-running', cardOf(stage, 'RUNNING'));
  await root(stage, /^DONE: us-west-2 now serves/, 180_000);
  const done = cardOf(stage, 'us-west-2 now serves');
  await take('lost-done', done);
  await takeThread(stage, 'lost-thread', done, 'DONE');
  await answers(stage, [
    ['lost-receipt', `/dr receipt ${requestIn(card)}`],
    ['lost-members', '/dr members'],
    ['lost-readiness', '/dr readiness'],
    ['lost-status-after', '/dr status'],
  ]);
  await root(stage, /^RESOLVED/, 180_000);
  await take('lost-resolved', cardOf(stage, 'RESOLVED'));
  await returnRegion(company, EAST);
  const rebuild = await rebuildWhenFit(stage);
  await take('rebuild-waiting', cardOf(stage, 'APPROVAL NEEDED'));
  await approve(stage, rebuild, [ALEX]);
  await root(stage, /^RUNNING: rebuild/i);
  await take('rebuild-running', cardOf(stage, 'RUNNING'));
  await root(stage, /^DONE: .*follows again/, 240_000);
  await take('rebuild-done', cardOf(stage, /DONE.*follows again/));
  await answers(stage, [['rebuild-members', '/dr members']]);
}

/** What has just been started may not be fit yet; people ask again. */
async function rebuildWhenFit(stage: Stage): ReturnType<typeof asked> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await stage.company.slack.asUser(JOHN).slash(`/dr rebuild ${EAST}`);
      return await root(stage, /^Approve\? .*rebuild/i, 15_000);
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
}
