import { DrError, RequestId } from '#core';
import type { Incoming } from '#ports';
import { deny } from './decide-request.ts';
import { refuseOrRetry } from './errors-to-card.ts';
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
      const request = RequestId.safeParse(form.context.split(' ')[0]);
      if (!request.success) throw new DrError('REQUEST_UNKNOWN', 'user', 'That form belongs to no request.');
      await reply.say(await deny(request.data, form.answers['reason'] ?? '', speaker, flow));
    }
  } catch (error) {
    await refuseOrRetry(error, flow, reply);
  }
}
