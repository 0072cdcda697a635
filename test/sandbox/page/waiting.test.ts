import { describe, expect, it } from 'vitest';
import { waitingCards } from '../../../sandbox/page/waiting.ts';
import { client, workspace } from '../slack/helpers.ts';
import { approvalCard } from './scripted-bot.ts';

describe('who a card waits for', () => {
  it('is read from the card: each role that has not answered, without those who have', async () => {
    const slack = await workspace();
    const api = client(slack);
    const channel = slack.channel.id;
    const { ts = '' } = await api.chat.postMessage({ channel, text: 'x', blocks: approvalCard() });
    expect(waitingCards(slack)).toEqual([
      {
        channel,
        ts,
        title: 'APPROVAL NEEDED - planned failover',
        roles: [
          ['U0JOHNSMITH', 'U0JANEDOE', 'U0SARAHWILSON'],
          ['U0ALEXCHEN', 'U0DAVIDKIM'],
        ],
      },
    ]);
    await api.chat.update({ channel, ts, text: 'x', blocks: approvalCard('Alex Chen') });
    expect(waitingCards(slack)[0]?.roles).toEqual([['U0JOHNSMITH', 'U0JANEDOE', 'U0SARAHWILSON']]);
    await api.chat.update({ channel, ts, text: '*APPROVED*' });
    expect(waitingCards(slack)).toEqual([]);
  });
});
