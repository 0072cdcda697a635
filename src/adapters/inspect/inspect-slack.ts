import { LogLevel, WebClient } from '@slack/web-api';
import { DrError } from '#core';

export interface SlackInspection {
  readonly team: string;
  readonly bot: string;
  /** As Slack named them beside its answer; undefined where it did not. */
  readonly scopes: readonly string[] | undefined;
}

/** As whom Slack knows these tokens and what they may do. Throws CHAT_REFUSED or CHAT_UNAVAILABLE. */
export async function inspectSlack(tokens: {
  readonly apiUrl: string;
  readonly bot: string;
  /** Asked for an address to connect to, which nobody then uses. */
  readonly app: string | undefined;
}): Promise<SlackInspection> {
  const client = (token: string) =>
    new WebClient(token, {
      slackApiUrl: tokens.apiUrl,
      timeout: 3_000,
      retryConfig: { retries: 0 },
      logLevel: LogLevel.ERROR,
    });
  try {
    const answer = await client(tokens.bot).auth.test();
    if (tokens.app) await client(tokens.app).apps.connections.open({});
    return { team: answer.team_id ?? '', bot: answer.user_id ?? '', scopes: answer.response_metadata?.scopes };
  } catch (cause) {
    const word = wordOf(cause);
    if (word) throw new DrError('CHAT_REFUSED', 'permanent', `Slack refused the tokens: ${word}.`, { cause });
    throw new DrError('CHAT_UNAVAILABLE', 'transient', `Slack does not answer at ${tokens.apiUrl}.`, { cause });
  }
}

function wordOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('data' in error)) return undefined;
  const { data } = error;
  return typeof data === 'object' && data !== null && 'error' in data ? String(data.error) : undefined;
}
