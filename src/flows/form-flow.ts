import { asDrError, RequestId } from '#core';
import type { Incoming } from '#ports';
import { deny } from './decide-request.ts';
import { errorCard } from './errors-to-card.ts';
import type { Flow, Reply, Speaker } from './flow.ts';

/** Forms that are no command: the reason of a denial. */
export async function formFlow<World>(
  form: Extract<Incoming, { kind: 'form' }>,
  speaker: Speaker,
  flow: Flow<World>,
  reply: Reply,
): Promise<void> {
  try {
    if (form.form === 'deny') {
      const request = RequestId.parse(form.context.split(' ')[0]);
      await reply.say(await deny(request, form.answers['reason'] ?? '', speaker, flow));
    }
  } catch (error) {
    await reply.refuse(
      asDrError(error),
      errorCard(error, flow.logger, () => flow.random(4).toString('hex')),
    );
  }
}
