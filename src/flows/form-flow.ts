import type { Incoming } from '#ports';
import { CODE_FORM } from './approve-by-click.ts';
import { consentIn } from './consent.ts';
import { approve, deny } from './decide-request.ts';
import { refuseOrRetry } from './errors-to-card.ts';
import type { Flow, Reply, Speaker } from './flow.ts';

/** Forms that are no command: the reason of a denial, the code that makes an approval count. */
export async function formFlow<World>(
  form: Extract<Incoming, { kind: 'form' }>,
  speaker: Speaker,
  flow: Flow<World>,
  reply: Reply,
): Promise<void> {
  try {
    const consent = consentIn(form.context);
    if (form.form === 'deny') {
      await reply.say(await deny(consent.request, form.answers['reason'] ?? '', speaker, flow));
    } else if (form.form === CODE_FORM) {
      const code = form.answers['code']?.replaceAll(/\s/g, '');
      await reply.say(await approve({ ...consent, ...(code ? { code } : {}) }, speaker, flow));
    }
  } catch (error) {
    await refuseOrRetry(error, flow, reply);
  }
}
