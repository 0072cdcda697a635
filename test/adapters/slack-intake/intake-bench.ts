import { afterEach } from 'vitest';
import { type SlackIntakeSettings, slackIntake } from '#adapters/slack-intake';
import { createLogger } from '#core';
import type { Incoming, IntakeHandlers, LivePart } from '#ports';
import { freePort } from '#sandbox/servers';
import { rosterPeople, type SlackOptionsInput, type SlackWorkspace, startSlackWorkspace } from '#sandbox/slack';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

export interface Received {
  readonly incoming: Incoming;
  readonly live: LivePart;
}

export interface IntakeBench {
  readonly slack: SlackWorkspace;
  readonly stored: Incoming[];
  readonly handled: Received[];
  /** Of the intake's own HTTP server. */
  readonly url: string;
}

/** The real intake with Bolt's receiver against the Slack double; `store` decides what happens before the ack. */
export async function intakeBench(
  mode: 'http' | 'socket',
  store: (incoming: Incoming) => ReturnType<IntakeHandlers['store']> = async () => undefined,
  options: Partial<SlackOptionsInput> = {},
): Promise<IntakeBench> {
  const slack = await startSlackWorkspace({ people: [...rosterPeople], mode, ...options });
  cleanups.push(() => slack.stop());
  const port = await freePort();
  const transport: Pick<SlackIntakeSettings, never> & object =
    mode === 'http'
      ? { mode, signingSecret: slack.tokens.signingSecret, port, host: '127.0.0.1' }
      : { mode, appToken: slack.tokens.app, reconnectEveryMs: 100 };
  const stored: Incoming[] = [];
  const handled: Received[] = [];
  const intake = slackIntake({
    apiUrl: slack.apiUrl,
    render: (text) => text.map((piece) => (typeof piece === 'string' ? piece : '')).join(''),
    logger: createLogger('test', 'silent'),
    ...transport,
  } as SlackIntakeSettings);
  await intake.start({
    store: async (incoming) => {
      const answer = await store(incoming);
      stored.push(incoming);
      return answer;
    },
    handle: async (incoming, live) => void handled.push({ incoming, live }),
  });
  cleanups.push(() => intake.stop());
  const url = `http://127.0.0.1:${port}`;
  if (mode === 'http') await slack.useRequestUrl(`${url}/slack/events`);
  else await slack.waitFor(() => slack.connections > 0, 10_000, 'the socket');
  return { slack, stored, handled, url };
}
