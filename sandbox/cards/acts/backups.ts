import { ALEX, answer, answers, asked, cardOf, MIKE, root, type Stage } from '../stage.ts';

/** The first backup, what is said of it, and what may be done with it. */
export async function backups(stage: Stage): Promise<void> {
  const { company, take } = stage;
  await company.slack.asUser(ALEX).slash('/dr backup mongodb');
  // A quick machine may be through before anybody can look.
  const seen = await root(stage, /^RUNNING|^DONE: B-/);
  if (seen.text.startsWith('RUNNING')) await take('backup-running', cardOf(stage, 'RUNNING'));
  await root(stage, /^DONE: B-/);
  await take('backup-done', cardOf(stage, 'is complete'));
  await company.slack.asUser(ALEX).slash('/dr verify');
  await root(stage, /^DONE: B-.*verified/);
  await take('verify-done', cardOf(stage, 'verified'));
  await asked(stage, '/dr backup mongodb --changes', /^DONE: B-/, ALEX);
  await take('backup-changes-done', cardOf(stage, 'is complete'));
  await answers(stage, [
    ['backups', '/dr backups'],
    ['window', '/dr backups --window'],
    ['catalog', '/dr catalog'],
    ['keys', '/dr keys'],
    ['prune', '/dr prune'],
    ['readiness', '/dr readiness'],
  ]);
}

/** Every data key wrapped anew, and a backup that is kept whatever the plan says. */
export async function keeping(stage: Stage): Promise<void> {
  const { take } = stage;
  await asked(stage, '/dr keys rotate', /^DONE: .*key/i);
  await take('keys-rotate-done', cardOf(stage, /DONE.*key/i));
  const newest = /B-[\w-]+/.exec((await root(stage, /^DONE: B-/)).text)?.[0] ?? '';
  await asked(stage, `/dr backups hold ${newest} --reason "audit of November"`, /^DONE: /, MIKE);
  await take('hold-done', cardOf(stage, newest));
  await answer(stage, 'backups-held', '/dr backups');
}
