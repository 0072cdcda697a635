import {
  ALEX,
  answer,
  answers,
  approve,
  asked,
  cardOf,
  JOHN,
  requestIn,
  root,
  type Stage,
  takeThread,
} from '../stage.ts';
import { FAILOVER } from './decisions.ts';

/** A planned failover, held once on its way. */
export async function move(stage: Stage): Promise<void> {
  const { company, take } = stage;
  const card = await asked(stage, FAILOVER, /^Approve\?/);
  const request = requestIn(card);
  await approve(stage, card, [ALEX, JOHN]);
  await root(stage, /^RUNNING: .* step [234] of/);
  await take('failover-running', cardOf(stage, 'RUNNING'));
  await answer(stage, 'second-move-refused', FAILOVER);
  await company.slack.asUser(ALEX).slash(`/dr hold ${request} --reason "checking driver app"`);
  await root(stage, /^HELD/);
  await take('failover-held', cardOf(stage, 'HELD'));
  await company.slack.asUser(ALEX).slash(`/dr resume ${request}`);
  await root(stage, /^DONE: .*us-west-2/);
  const done = cardOf(stage, 'us-west-2 now serves');
  await take('failover-done', done);
  await takeThread(stage, 'failover-thread', done, 'DONE');
  await answers(stage, [
    ['show', `/dr show ${request}`],
    ['timeline', `/dr timeline ${request}`],
    ['timeline-verify', '/dr timeline verify'],
    ['status-west', '/dr status'],
  ]);
}

const BACK = '/dr failback us-east-1 --reason "east is well"';

/** Back home: stopped on the way at first, which puts everything back; then to the end. */
export async function wayBack(stage: Stage): Promise<void> {
  const { company, take } = stage;
  const stopped = await asked(stage, BACK, /^Approve\? failback/);
  await take('failback-waiting', cardOf(stage, 'APPROVAL NEEDED'));
  await approve(stage, stopped, [ALEX, JOHN]);
  await root(stage, /^RUNNING: failback/);
  const request = requestIn(stopped);
  await company.slack.asUser(ALEX).slash(`/dr stop ${request} --reason "drivers complain"`);
  await root(stage, /^STOPPED/);
  await take('failback-stopped', cardOf(stage, 'STOPPED'));
  const again = await asked(stage, BACK, /^Approve\? failback/);
  await approve(stage, again, [ALEX, JOHN]);
  await root(stage, /^DONE: us-east-1/, 180_000);
  await take('failback-done', cardOf(stage, 'us-east-1 now serves'));
  // or nothing is proposed for a while
  await answer(stage, 'commit', `/dr commit ${requestIn(again)}`);
}
