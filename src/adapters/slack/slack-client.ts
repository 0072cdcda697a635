import { LogLevel, type Logger as SdkLogger, WebClient } from '@slack/web-api';
import type { Logger } from '#core';

interface ClientOptions {
  readonly token: string;
  readonly apiUrl: string;
  readonly timeoutMs: number;
  readonly log: Logger;
}

/**
 * Slack's client with its patience taken away: it would retry for half an hour inside one call, while the caller no
 * longer leads. Who retries, when and in which order, is decided where the order is known.
 */
export function slackClient({ token, apiUrl, timeoutMs, log }: ClientOptions): WebClient {
  return new WebClient(token, {
    slackApiUrl: apiUrl,
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: quiet(log),
  });
}

/** The SDK's own lines at debug level: what matters is thrown, and told by whom it concerns. */
function quiet(log: Logger): SdkLogger {
  const say = (...words: unknown[]): void => log.debug({ sdk: words.map(String).join(' ').slice(0, 500) }, 'slack');
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: say,
    error: say,
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
