import { companyBreakers } from '#sandbox/company';
import { ALEX, answer, approve, asked, cardOf, JOHN, MIKE, requestIn, root, type Stage } from '../stage.ts';

/** A collection is dropped and got back; then the swap is undone, and a moment of the past is restored. */
export async function restores(stage: Stage): Promise<void> {
  const { company, take, tab } = stage;
  const breakers = companyBreakers(company);
  await breakers.run('drop-driver-logs');
  breakers.stop();
  await company.slack.asUser(MIKE).slash('/dr restore latest');
  await root(stage, /^DONE: .*proved|^DONE: B-.*restored|^DONE: restore/i);
  await take('restore-done', tab.locator('article.message:not(.reply)', { hasText: 'read back' }).last());
  const swap = await root(stage, /^Approve\? swap/);
  await take('swap-waiting', cardOf(stage, 'APPROVAL NEEDED'));
  await approve(stage, swap, [ALEX, JOHN]);
  await root(stage, /^DONE: .*swapped in/);
  await take('swap-done', cardOf(stage, 'swapped in'));
  const undo = await asked(stage, `/dr restore undo ${requestIn(swap)}`, /^Approve\? .*(undo|put)/i);
  await take('undo-waiting', cardOf(stage, 'APPROVAL NEEDED'));
  await company.slack.asUser(MIKE).slash(`/dr cancel ${requestIn(undo)}`);
  await root(stage, /^CANCELLED/);
  const before = (await root(stage, /^DONE: .*|^CANCELLED/)).ts;
  await company.slack.asUser(MIKE).slash('/dr restore --to "1 minute ago" --only eld.drivers');
  await company.slack.waitFor(
    () => company.slack.messages().find(({ ts, text }) => ts > before && /^DONE: .*restored/i.test(text)),
    120_000,
    'a moment of the past',
  );
  await take('restore-to-done', cardOf(stage, 'DONE'));
  await answer(stage, 'restore-ambiguous', '/dr restore --to "2026-11-01 01:30:00 America/New_York"');
  await answer(stage, 'restore-future', '/dr restore --to "2031-01-01 00:00:00"');
  await answer(stage, 'restore-unknown', '/dr restore B-0101-0000');
}
