import { fileSpool } from '#adapters/file-spool';
import { renderText, type SlackNames, slackChat } from '#adapters/slack';
import { slackIntake } from '#adapters/slack-intake';
import { readAlarm } from '#alarms';
import { AlarmId, asDrError, DrError, IncidentId, RequestId } from '#core';
import type { HoldfastWorld } from '#flows';
import {
  alarmCard,
  createIncidentCards,
  createIntake,
  type DispatchDeps,
  dispatch,
  openIntakes,
  requestCard,
  speakerOf,
  sweepStarts,
  viewOf,
} from '#flows';
import { createPoster, recordHumanMessage } from '#record';
import { every } from './every.ts';
import type { Holdfast } from './open-holdfast.ts';
import { startPagerWebhooks } from './pager-webhooks.ts';
import { watchFence } from './region-leases.ts';

/** Listens and talks in Slack. Returns how to stop. */
export async function startBot(holdfast: Holdfast): Promise<() => Promise<void>> {
  const { config, flow, store, leases, logger, holder, plan } = holdfast;
  const { slackBotToken } = config;
  if (!slackBotToken) {
    throw new DrError('CONFIG_INVALID', 'user', 'The bot needs SLACK_BOT_TOKEN.', {
      hint: 'dr slack manifest makes the app.',
    });
  }
  const names: SlackNames = {
    userOf: (person) => flow.roster.account(person)?.user,
    nameOf: (person) => flow.roster.name(person),
  };
  const chat = slackChat({
    token: slackBotToken.reveal(),
    apiUrl: config.slackApiUrl,
    names,
    clock: flow.clock,
    log: logger,
  });
  const incidentCards = createIncidentCards(flow);
  const poster = createPoster({
    store,
    leases,
    timeline: flow.timeline,
    chat,
    clock: flow.clock,
    holder,
    channelOf: () => plan.contacts.channel,
    renderCard: async (thread) => {
      const alarm = AlarmId.safeParse(thread);
      if (alarm.success) {
        const found = await readAlarm(store, alarm.data);
        return found && alarmCard(found);
      }
      const incident = IncidentId.safeParse(thread);
      if (incident.success) return incidentCards(incident.data);
      const request = RequestId.safeParse(thread);
      const view = request.success ? await viewOf(request.data, flow) : undefined;
      return view && view.request.state !== 'checking' ? requestCard(view) : undefined;
    },
    nameOf: names.nameOf,
    onTrouble: (what, error) => logger.warn({ err: error }, what),
  });
  const deps: DispatchDeps<HoldfastWorld> = {
    flow,
    chat,
    cardOf: async (request) => (await poster.threadOf(request))?.root?.ts,
    threadAt: (ts) => poster.threadAt(ts),
    keepHumanMessage: async (record) => {
      const { incoming } = record;
      if (incoming.kind !== 'message') return;
      const thread = await poster.threadAt(incoming.thread);
      if (!thread) return;
      const { change, text, channel, ts, key } = incoming;
      const speaker = speakerOf(incoming.team, incoming.user, flow);
      await recordHumanMessage(flow.timeline, {
        thread,
        author: speaker.person ?? { outsider: speaker.name },
        channel,
        ts,
        change:
          change === 'posted'
            ? { kind: 'written', words: text }
            : change === 'edited'
              ? { kind: 'edited', words: text, editTs: key }
              : { kind: 'deleted' },
      });
    },
  };
  const intake = createIntake({
    flow,
    intakes: openIntakes(store),
    spool: fileSpool(config.spoolPath),
    dispatch: (record, live) => dispatch(record, live, deps),
  });
  const slack = slackIntake({
    apiUrl: config.slackApiUrl,
    render: (text) => renderText(text, names, flow.clock.now()),
    logger,
    ...transport(holdfast),
  });
  await warmUpPatiently(holdfast);
  await slack.start(intake);
  poster.start();
  const stopWebhooks = await startPagerWebhooks(holdfast);
  const stopWatch = watchFence(holdfast);
  const stopSweep = every(2_000, 'the look for payloads nobody finished', () => intake.sweep(), {
    clock: flow.clock,
    logger,
  });
  const stopStarts = startUnheld(holdfast);
  logger.info('bot ready');
  return async () => {
    await Promise.all([slack.stop(), stopWebhooks(), stopWatch()]);
    await Promise.all([stopSweep(), stopStarts()]);
    await poster.stop();
  };
}

/** What starts by itself is started by whoever hears that somebody holds it, from now on. */
function startUnheld({ flow, logger }: Holdfast): () => Promise<void> {
  const listening = { sinceMs: flow.clock.monotonicMs() };
  const look = () => sweepStarts(flow, listening);
  return every(1_000, 'the look for what starts by itself', look, { clock: flow.clock, logger });
}

/** The first use of a set of records builds its indexes; the first payload must not wait for that. */
async function warmUp({ flow, store }: Holdfast): Promise<void> {
  await Promise.all([
    openIntakes(store).find({ limit: 1 }),
    flow.requests.find({ limit: 1 }),
    flow.journal.find({ limit: 1 }),
    flow.timeline.head(),
  ]);
}

const WARM_UP_TRIES = 60;

/** A control store that is still electing is waited for: ending and starting again would take longer than it does. */
async function warmUpPatiently(holdfast: Holdfast): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await warmUp(holdfast);
      return;
    } catch (thrown) {
      if (asDrError(thrown).kind !== 'transient' || attempt === WARM_UP_TRIES) throw thrown;
      holdfast.logger.warn({ err: thrown }, 'the control store does not answer yet');
      await holdfast.flow.clock.sleep(1_000);
    }
  }
}

function transport({ config }: Holdfast) {
  if (config.slackMode === 'http') {
    const secret = config.slackSigningSecret;
    if (!secret) throw new DrError('CONFIG_INVALID', 'user', 'SLACK_MODE=http needs SLACK_SIGNING_SECRET.');
    return { mode: 'http', signingSecret: secret.reveal(), port: config.port, host: '127.0.0.1' } as const;
  }
  const token = config.slackAppToken;
  if (!token) throw new DrError('CONFIG_INVALID', 'user', 'SLACK_MODE=socket needs SLACK_APP_TOKEN.');
  return { mode: 'socket', appToken: token.reveal() } as const;
}
