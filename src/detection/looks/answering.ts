import type { Region } from '#core';
import { asDrError, type Clock, formatDuration, outside } from '#core';
import type { Clusters, Look } from '#ports';
import { failed, unseen, well } from './answers.ts';

/**
 * Whether a service answers what we need of it. That it refuses is a failure like its silence: whatever needs it gets the
 * same answer.
 */
export const answersLook =
  (subject: string, ask: () => Promise<unknown>, clock: Clock): Look =>
  async () => {
    const startMs = clock.monotonicMs();
    const refused = await ask().then(() => undefined, asDrError);
    const tookMs = Math.round(clock.monotonicMs() - startMs);
    if (!refused) return well(`answers in ${formatDuration(tookMs)}`, { tookMs });
    if (refused.kind === 'transient') throw refused;
    return failed(`${subject} refuses us`, [outside(refused.message)], {
      next: refused.hint?.startsWith('/dr') || refused.hint?.startsWith('dr ') ? refused.hint : 'dr doctor',
    });
  };

/** Whether as many instances are ready in a region as its cluster is to have. */
export const replicasLook =
  (clusters: Pick<Clusters, 'replicas'>, region: Region): Look =>
  async () => {
    const { wanted, ready } = await clusters.replicas(region).catch((thrown: unknown) => {
      throw asDrError(thrown);
    });
    const words = `${ready} of ${wanted} instances ready`;
    if (ready >= wanted) return well(words, { ready, wanted });
    return failed('service has fewer instances than it should', words, { numbers: { ready, wanted } });
  };

/** A look whose silence is told by another probe. */
export type QuietLook = Look & { readonly quiet: true };

/** That it does not answer, or not in time, is told by another probe; here nothing is seen then. */
export const ifSeen = (look: Look): QuietLook =>
  Object.assign(
    async (signal: AbortSignal) => {
      try {
        return await look(signal);
      } catch (thrown) {
        return unseen([outside(asDrError(thrown).message)]);
      }
    },
    { quiet: true as const },
  );
