import { App, type BlockAction, type ButtonAction, type Logger, LogLevel } from '@slack/bolt';
import type { KnownBlock } from '@slack/web-api';
import type { SlackWorkspace } from '#sandbox/slack';

const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

const text = (words: string) => ({ type: 'mrkdwn' as const, text: words });
const plain = (words: string) => ({ type: 'plain_text' as const, text: words });
const section = (words: string): KnownBlock => ({ type: 'section', text: text(words) });
const context = (words: string): KnownBlock => ({ type: 'context', elements: [text(words)] });

/** A moment as Slack wants it: on each reader's own clock, UTC where that fails. */
export function moment(seconds: number): string {
  return `<!date^${seconds}^{time_secs}|${new Date(seconds * 1000).toISOString().slice(11, 19)} UTC>`;
}

/** The approval card of the reference, with one role left to answer or two. */
export function approvalCard(databaseAdminBy?: string): KnownBlock[] {
  const admin =
    databaseAdminBy === undefined
      ? '- Database Admin: waiting\n  <@U0ALEXCHEN> <@U0DAVIDKIM>'
      : `- Database Admin: *approved* by ${databaseAdminBy}`;
  return [
    section(
      '*APPROVAL NEEDED - planned failover*\nus-east-1 -> us-west-2, R-42\nAsked by <@U0MIKEJOHNSON>: "east storage is slow, drivers time out"',
    ),
    section(
      '*What drivers will notice*\nWrites pause about 4 s (approved up to 10 s).\nAcknowledged writes lost: none.\nAll done in about 1 min 46 s (target under 15 min).',
    ),
    section(
      `*Needs 2 different people, not Mike Johnson*\n- Incident Commander or Technical Lead: waiting\n  <@U0JOHNSMITH> <@U0JANEDOE> <@U0SARAHWILSON>\n${admin}\nOpen until ${moment(1_764_000_900)} (15 min).`,
    ),
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: 'approve',
          style: 'primary',
          text: plain('Approve'),
          value: 'R-42',
          accessibility_label: 'Approve run R-42, planned failover to us-west-2',
          confirm: {
            title: plain('Approve R-42?'),
            text: text('Planned failover us-east-1 -> us-west-2. Writes pause about 4 s, none lost.'),
            confirm: plain('Approve R-42'),
            deny: plain('Not yet'),
          },
        },
        { type: 'button', action_id: 'deny', text: plain('Deny...'), value: 'R-42' },
        { type: 'button', action_id: 'details', text: plain('Details'), value: 'R-42' },
        {
          type: 'overflow',
          action_id: 'more',
          options: [
            { text: plain('Cancel request'), value: 'cancel' },
            { text: plain('Why these people?'), value: 'why' },
          ],
        },
      ],
    },
    context('Nothing starts before both approve. Preview 9f3c-21ab. Plan 4e07. Times from 20 runs.'),
  ];
}

/** The status card at step 4 of 8. */
export function runningCard(): KnownBlock[] {
  return [
    section(
      '*RUNNING - step 4 of 8: pointing DNS at us-west-2*\nUnplanned failover us-east-1 -> us-west-2, R-43, INC-17\n31 s gone, about 1 min 15 s left',
    ),
    section('```[##########---------------------]```'),
    section('*Drivers now*: writes accepted (were paused 3.9 s). 38 % reach us-west-2. Lost so far: none.'),
    section(
      '```1 done  us-west-2 is fit      3 s\n2 done  writes stopped         1 s\n3 done  us-west-2 is primary   3 s\n4 NOW   DNS at us-west-2      24 s\n5 next  scale services     ~  20 s\n6       configuration      ~   4 s\n7       verify             ~   8 s\n8       tell people        ~   2 s```',
    ),
    {
      type: 'actions',
      elements: [
        { type: 'button', action_id: 'hold', text: plain('Hold after this step'), value: 'R-43' },
        { type: 'button', action_id: 'stop', style: 'danger', text: plain('Stop and put back...'), value: 'R-43' },
      ],
    },
    context(`Can still be put back until step 5. Updated ${moment(1_764_000_100)}.`),
  ];
}

/** A small bot on a real Bolt app, enough of a conversation to drive the page with. */
export async function startScriptedBot(slack: SlackWorkspace): Promise<App> {
  const app = new App({
    token: slack.tokens.bot,
    appToken: slack.tokens.app,
    socketMode: true,
    logger: silent,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  app.command('/dr', async ({ ack, command, client, body, respond }) => {
    await ack();
    if (command.text === 'plan') await client.views.open({ trigger_id: body.trigger_id, view: planForm });
    else if (command.text.startsWith('failover')) {
      await respond('R-42: preview is in #incident-response, waiting for 2 approvals.');
      await client.chat.postMessage({ channel: slack.channel.id, text: 'Approve? R-42', blocks: approvalCard() });
    } else {
      await respond(`*ALL GOOD* as seen ${moment(1_764_000_000)} from 2 regions`);
    }
  });
  app.action<BlockAction<ButtonAction>>('approve', async ({ ack, body, client }) => {
    await ack();
    const ts = body.message?.['ts'] ?? '';
    const who = slack.people.find(({ id }) => id === body.user.id)?.name ?? body.user.id;
    await client.chat.update({ channel: slack.channel.id, ts, text: 'Approve? R-42', blocks: approvalCard(who) });
    await client.chat.postMessage({
      channel: slack.channel.id,
      thread_ts: ts,
      text: `${moment(1_764_000_100)} ${who} approved as Database Admin (preview 9f3c-21ab). 1 of 2.`,
    });
  });
  app.action<BlockAction>('more', async ({ ack, respond }) => {
    await ack();
    await respond({ replace_original: false, text: 'The plan asks for these roles.' });
  });
  app.view('plan', async ({ ack, view, client }) => {
    const reason = view.state.values['why']?.['reason']?.value ?? '';
    if (reason.length < 5) {
      await ack({ response_action: 'errors', errors: { why: 'Say it in at least five letters.' } });
      return;
    }
    await ack();
    const kind = view.state.values['kind']?.['kind']?.selected_option?.value;
    await client.chat.postMessage({ channel: slack.channel.id, text: `Planned: ${kind}, "${reason}"` });
  });
  await app.start();
  return app;
}

const planForm = {
  type: 'modal' as const,
  callback_id: 'plan',
  title: plain('Plan a failover'),
  submit: plain('Show preview'),
  close: plain('Not now'),
  blocks: [
    {
      type: 'input' as const,
      block_id: 'target',
      label: plain('Target'),
      element: {
        type: 'static_select' as const,
        action_id: 'target',
        options: [{ text: plain('us-west-2 (hot standby, ready)'), value: 'us-west-2' }],
        initial_option: { text: plain('us-west-2 (hot standby, ready)'), value: 'us-west-2' },
      },
    },
    {
      type: 'input' as const,
      block_id: 'kind',
      label: plain('Kind'),
      element: {
        type: 'radio_buttons' as const,
        action_id: 'kind',
        options: [
          { text: plain('Planned: no write is lost'), value: 'planned' },
          { text: plain('Unplanned: us-east-1 is gone'), value: 'unplanned' },
        ],
        initial_option: { text: plain('Planned: no write is lost'), value: 'planned' },
      },
    },
    {
      type: 'input' as const,
      block_id: 'at',
      optional: true,
      label: plain('Not before'),
      element: { type: 'datetimepicker' as const, action_id: 'at', initial_date_time: 1_764_000_000 },
    },
    {
      type: 'input' as const,
      block_id: 'why',
      label: plain('Reason'),
      hint: plain('One line. It goes into the record and to stakeholders.'),
      element: { type: 'plain_text_input' as const, action_id: 'reason' },
    },
  ],
};
