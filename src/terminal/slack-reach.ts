import { slackChat } from '#adapters/slack';
import type { Config } from '#config';
import { createLogger, systemClock } from '#core';
import { factWithin } from '#flows';
import type { ControlStore } from '#ports';
import { chatUnreachableSince } from '#record';

/** Whether Slack answers this machine now, and since when it does not answer whoever posts there. Never rejects. */
export async function slackReach(
  config: Pick<Config, 'slackBotToken' | 'slackApiUrl'>,
  store: ControlStore,
): Promise<{ readonly reached: boolean; readonly since: Date | undefined }> {
  const since = factWithin(systemClock, 1_500, () => chatUnreachableSince(store));
  const { slackBotToken } = config;
  // Without a token this machine can not ask; what the poster noted is all there is to know.
  const answers = slackBotToken
    ? factWithin(systemClock, 1_500, () =>
        slackChat({
          token: slackBotToken.reveal(),
          apiUrl: config.slackApiUrl,
          names: { userOf: () => undefined, nameOf: String },
          clock: systemClock,
          log: createLogger('terminal', 'fatal'),
          timeoutMs: 1_400,
        }).check(),
      )
    : undefined;
  const noted = await since;
  const known = noted.known ? noted.value : undefined;
  const answered = await answers;
  return { reached: answered ? answered.known : known === undefined, since: known };
}
