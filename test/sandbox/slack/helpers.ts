import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { App, type Logger, LogLevel } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { afterEach } from 'vitest';
import { rosterPeople, type SlackOptionsInput, type SlackWorkspace, startSlackWorkspace } from '#sandbox/slack';

/** Refusals are what these tests are about: the client's own log of them is noise. */
const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A workspace that is stopped after the test. */
export async function workspace(options: Partial<SlackOptionsInput> = {}, now?: () => number): Promise<SlackWorkspace> {
  const started = await startSlackWorkspace({ people: [...rosterPeople], ...options }, now);
  cleanups.push(() => started.stop());
  return started;
}

/** Slack's own client, which does not retry, so that a refusal is seen at once. */
export function client(slack: SlackWorkspace, token: string = slack.tokens.bot): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    logger: silent,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
}

/** The error an API call is refused with, and its details. */
export async function refusal(call: Promise<unknown>): Promise<{ error: string; messages: string[] }> {
  try {
    await call;
  } catch (thrown) {
    const data = (thrown as { data?: { error?: string; response_metadata?: { messages?: string[] } } }).data;
    return { error: data?.error ?? String(thrown), messages: data?.response_metadata?.messages ?? [] };
  }
  throw new Error('The call was not refused.');
}

/** A real Bolt app on Socket Mode, stopped after the test. */
export async function socketApp(slack: SlackWorkspace, prepare: (app: App) => void): Promise<App> {
  const app = new App({
    token: slack.tokens.bot,
    appToken: slack.tokens.app,
    socketMode: true,
    logger: silent,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  prepare(app);
  await app.start();
  cleanups.push(() => app.stop());
  return app;
}

/** A real Bolt app behind HTTP, its request URL verified by the workspace. */
export async function httpApp(slack: SlackWorkspace, prepare: (app: App) => void): Promise<string> {
  const app = new App({
    token: slack.tokens.bot,
    signingSecret: slack.tokens.signingSecret,
    logger: silent,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  prepare(app);
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  cleanups.push(() => app.stop());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The app does not listen on a port.');
  const url = `http://127.0.0.1:${address.port}/slack/events`;
  await slack.useRequestUrl(url);
  return url;
}

/** An app written by hand: answers the challenge, then whatever `answer` says. Gives its request URL. */
export async function rawApp(
  slack: SlackWorkspace,
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<void> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const challenge = /"challenge":"([^"]+)"/.exec(body)?.[1];
      if (challenge === undefined) answer(request, body, response);
      response.end(challenge);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The app does not listen on a port.');
  await slack.useRequestUrl(`http://127.0.0.1:${address.port}/`);
}

export const text = (words: string) => ({ type: 'mrkdwn' as const, text: words });
export const plain = (words: string) => ({ type: 'plain_text' as const, text: words });

/** A card with one button. */
export function card(words = '*APPROVAL NEEDED*', value = 'R-42') {
  return [
    { type: 'section' as const, text: text(words) },
    {
      type: 'actions' as const,
      elements: [{ type: 'button' as const, action_id: 'approve', text: plain('Approve'), value }],
    },
  ];
}

export const alex = 'U0ALEXCHEN';
export const john = 'U0JOHNSMITH';
