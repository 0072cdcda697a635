import { notYet } from '#workflow';
import { waitForTraffic } from '../../point-dns.ts';
import { probeService } from '../../prove-move.ts';
import { countedWords } from '../../steps/unplanned/count-loss.ts';
import { ColdCounted } from '../receipt.ts';
import type { ColdStep } from '../step.ts';
import type { Chosen } from './choose-point.ts';
import type { ColdOpened } from './open-cold-writes.ts';

interface Done {
  readonly 'choose-point': Chosen;
  readonly 'open-writes': ColdOpened;
}

/** Step 11: that the region serves is tried, and what is lost is counted, by what users had acknowledged. */
export const countColdLoss: ColdStep<Done, ColdCounted> = {
  output: ColdCounted,
  says: () => ({ todo: 'Try real writes and count what is lost', done: 'the loss is counted' }),
  tells: countedWords,
  // Counted again it says the same or more; test writes are harmless to repeat.
  observe: async () => notYet,
  run: async (context) => {
    const { world, input, runId, done, signal, report } = context;
    const { facts } = input;
    const { reaches } = done['choose-point'].point;
    const [first] = facts.open.length > 0 ? facts.open : facts.from.map(({ region }) => region);
    const testWrites = await probeService(world, facts.to);
    const loss = await world.withFounded(facts.host, ({ losses }) =>
      losses.count(
        runId,
        {
          ...{ from: first ?? facts.to, to: facts.to, forkedAt: { term: 0, ...reaches } },
          since: new Date(reaches.seconds * 1_000 - world.settings.readBackBeforeMs),
          until: done['open-writes'].openedAt,
          putBack: 0,
          approvedMs: input.limits.lossMs,
        },
        { signal, report: (text) => report({ text }) },
      ),
    );
    // Last, because drivers follow DNS in their own time and the count needs nobody's.
    return { loss, testWrites, trafficShare: await waitForTraffic(context, facts.to) };
  },
  timeoutMs: 1_800_000,
  retry: { times: 20, everyMs: 2_000 },
};
