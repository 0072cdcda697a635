import { ALEX, answer, answers, cardOf, MIKE, root, type Stage, takeThread } from '../stage.ts';

/** Opened by hand, as a guest would: what detectors find looks the same. */
export async function incident(stage: Stage): Promise<void> {
  const { company, take } = stage;
  await company.slack.asUser(MIKE).slash('/dr incident open "drivers report time-outs" --sev 2');
  const opened = await root(stage, /^SEV-2 INC-\d+/);
  const id = /INC-\d+/.exec(opened.text)?.[0] ?? '';
  await take('incident-open', cardOf(stage, 'SEV-2 OPEN'));
  await answers(stage, [
    ['incidents', '/dr incident'],
    ['incident-show', `/dr incident show ${id}`],
    ['incident-price', `/dr incident sev 1 ${id}`],
    ['incident-ack', `/dr ack ${id}`],
    ['incident-update', `/dr incident update "eld-api answers slowly, we look at the storage" ${id}`],
    ['incident-catch-up', `/dr incident catch-up ${id}`],
    ['playbook-database', '/dr playbook database'],
    ['playbook-application', '/dr playbook application'],
    ['status-incident', '/dr status'],
  ]);
  await company.slack.asUser(ALEX).slash(`/dr incident resolve ${id} --reason "the network is back"`);
  await root(stage, /^RESOLVED/);
  await take('incident-resolved', cardOf(stage, 'RESOLVED'));
  await takeThread(stage, 'incident-thread', cardOf(stage, 'RESOLVED'), 'acknowledged');
  await answer(stage, 'incident-timeline', `/dr timeline ${id}`);
}
