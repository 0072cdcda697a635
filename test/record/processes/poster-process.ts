import { openControlStore } from '#adapters/control-store';
import { slackChat } from '#adapters/slack';
import { createLogger, systemClock, systemRandom } from '#core';
import { createPoster, createTimeline } from '#record';

/** A process that only posts, for tests that kill it: MongoDB URI, database, Slack's API URL, token. */
const [uri = '', database = '', apiUrl = '', token = ''] = process.argv.slice(2);
const log = createLogger('poster', 'silent');
const { store, leases } = openControlStore({ uri, database });
const names = { userOf: () => undefined, nameOf: (person: string) => person };
createPoster({
  store,
  leases,
  timeline: createTimeline({ store, clock: systemClock, random: systemRandom }),
  chat: slackChat({ token, apiUrl, names, clock: systemClock, log }),
  clock: systemClock,
  holder: `poster-${process.pid}`,
  channelOf: () => '#incident-response',
  renderCard: async (thread) => ({ push: `card ${thread}`, parts: [{ kind: 'text', text: [`card ${thread}`] }] }),
  nameOf: names.nameOf,
  onTrouble: () => undefined,
}).start();
