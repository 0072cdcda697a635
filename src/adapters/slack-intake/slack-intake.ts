import { App, HTTPReceiver, LogLevel, type Receiver, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import type { Logger, Text } from '#core';
import type { ChatIntake, IntakeHandlers } from '#ports';
import { readIncoming } from './read-incoming.ts';

export type SlackIntakeSettings = {
  readonly apiUrl: string | undefined;
  /** Turns the first answer into Slack's text. */
  readonly render: (text: Text) => string;
  readonly logger: Logger;
} & (
  | {
      readonly mode: 'socket';
      readonly appToken: string;
      /** How often Slack is asked for a socket while it gives none. Unless given: every 2 s. */
      readonly reconnectEveryMs?: number;
    }
  | { readonly mode: 'http'; readonly signingSecret: string; readonly port: number; readonly host: string }
);

/**
 * Slack's payloads through Bolt: HTTP (signature and age checked by Bolt's receiver, at most 5 minutes old) or Socket
 * Mode. Bolt's own listeners are not used: it acknowledges Events API payloads before any middleware runs, so
 * nothing could be stored first. `processEvent` is the one place that every payload passes before its ack.
 * A payload that can't be stored is answered with 500 (HTTP) or not at all (socket): Slack tells the person.
 */
export function slackIntake(settings: SlackIntakeSettings): ChatIntake {
  const receiver = receiverFor(settings);
  const app = new App({
    receiver,
    logLevel: LogLevel.ERROR,
    authorize: async () => ({}),
  });
  return {
    start: async (handlers) => {
      app.processEvent = (event) => processEvent(event, handlers, settings);
      if (settings.mode === 'http') await app.start({ port: settings.port, host: settings.host });
      else await app.start();
    },
    stop: async () => {
      await app.stop();
    },
  };
}

async function processEvent(
  event: ReceiverEvent,
  handlers: IntakeHandlers,
  settings: SlackIntakeSettings,
): Promise<void> {
  const read = readIncoming(event.body);
  if (!read) {
    await event.ack();
    return;
  }
  const answer = await handlers.store(read.incoming);
  // Only a command's acknowledgement may carry text: a form's with text in it is an error to Slack.
  const shown = read.incoming.kind === 'command' ? answer : undefined;
  await event.ack(shown ? { response_type: 'ephemeral', text: settings.render(shown) } : undefined);
  void handlers.handle(read.incoming, read.live);
}

function receiverFor(settings: SlackIntakeSettings): Receiver {
  if (settings.mode === 'http') {
    return new HTTPReceiver({
      signingSecret: settings.signingSecret,
      endpoints: ['/slack/events', '/slack/commands', '/slack/interactions'],
      logLevel: LogLevel.ERROR,
      bodyLimit: 1_000_000,
    });
  }
  return new SocketModeReceiver({
    appToken: settings.appToken,
    logLevel: LogLevel.ERROR,
    // Half-dead sockets look healthy and swallow clicks: notice within two seconds that nobody answers pings.
    clientPingTimeout: 2_000,
    installerOptions: {
      clientOptions: {
        ...(settings.apiUrl ? { slackApiUrl: settings.apiUrl } : {}),
        // Slack that takes the question and never answers counts as one that refuses it.
        timeout: 10_000,
        retryConfig: askAgainEvery(settings.reconnectEveryMs ?? 2_000),
      },
    },
  });
}

/**
 * Evenly and for ever. Left to itself the client waits half as long again each time, which is half an hour after an hour
 * of outage, and gives up after a hundred times: a bot that does not come back is noticed when it is needed.
 */
const askAgainEvery = (everyMs: number) => ({ forever: true, retries: 1, minTimeout: everyMs, maxTimeout: everyMs });
