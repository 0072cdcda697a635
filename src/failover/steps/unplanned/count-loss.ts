import { DrError, formatCount, formatDuration, say, type Text } from '#core';
import { notYet } from '#workflow';
import type { LossCount } from '../../loss-count.ts';
import { waitForTraffic } from '../../point-dns.ts';
import { probeService } from '../../prove-move.ts';
import { Counted } from '../../unplanned-receipt.ts';
import type { Fenced } from './fence.ts';
import type { Opened } from './open-writes.ts';
import type { Recovered } from './recover-tail.ts';
import type { LossContext, LossStep } from './step.ts';

interface Done {
  readonly fence: Fenced;
  readonly 'recover-tail': Recovered;
  readonly 'open-writes': Opened;
}

/** Step 8: that the new region serves is tried, and what is lost is counted, by what the old side had acknowledged. */
export const countLoss: LossStep<Done, Counted> = {
  output: Counted,
  says: () => ({ todo: 'Try real writes and count what is lost', done: 'the loss is counted' }),
  tells: countedWords,
  // Counted again it says the same or more; test writes are harmless to repeat.
  observe: async () => notYet,
  run: async (context) => {
    const { world, input, runId, done, signal, report } = context;
    const { from, to } = input.facts;
    const alsoClaim = await provePrimary(context);
    signal.throwIfAborted();
    const testWrites = await probeService(world, to);
    const { survivorHas } = done.fence;
    const loss = await world.losses.count(
      runId,
      {
        ...{ from, to, forkedAt: survivorHas },
        since: new Date(survivorHas.seconds * 1_000 - world.settings.readBackBeforeMs),
        // Nobody acknowledged anything between the fence and this moment.
        until: done['open-writes'].openedAt,
        putBack: done['recover-tail'].applied,
        approvedMs: input.limits.lossMs,
      },
      { signal, report: (text) => report({ text }) },
    );
    // Last, because drivers follow DNS in their own time and the count needs nobody's.
    return { loss, testWrites, alsoClaim, trafficShare: await waitForTraffic(context, to) };
  },
  timeoutMs: 900_000,
  retry: { times: 10, everyMs: 2_000 },
};

/** What either way out of a lost region says of it: what is missing, and that users are served. */
export function countedWords({ loss, testWrites, trafficShare }: Omit<Counted, 'alsoClaim'>): Text {
  return say`${lossWords(loss)} ${testWrites.readBack} of ${testWrites.written} test writes and reads. ${Math.floor(trafficShare * 100)} % of drivers there.`;
}

function lossWords({ acknowledged, missing, putBack, spanMs, complete }: LossCount): string {
  const looked = `of ${formatCount(acknowledged)} acknowledged writes that were looked for`;
  const lost =
    missing === 0
      ? `None is missing, ${looked}.`
      : `${formatCount(missing)} are missing, ${looked}, within ${formatDuration(spanMs)}.`;
  const put = putBack > 0 ? ` ${formatCount(putBack)} were put back.` : '';
  return `${lost}${put}${complete ? '' : ' The old members have not been read yet.'}`;
}

/** The survivor leads and takes writes. Returns who else claims to: a cut-off member does not know better. */
async function provePrimary({ world, input: { facts } }: LossContext): Promise<string[]> {
  const { members } = await world.replicaSet.look();
  const claims = members.filter(({ state }) => state === 'primary');
  const leads = claims.find(({ host }) => host === facts.primaryAfter);
  if (!leads?.writable) {
    const seen = claims.map(({ host, writable }) => `${host}${writable ? '' : ' (blocked)'}`).join(', ');
    const message = `Primary should be ${facts.primaryAfter}; seen: ${seen || 'none'}.`;
    throw new DrError('DATABASE_UNAVAILABLE', 'transient', message);
  }
  return claims.map(({ host }) => host).filter((host) => host !== facts.primaryAfter);
}
