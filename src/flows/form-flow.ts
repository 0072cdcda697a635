import type { Incoming } from '#ports';
import { CODE_FORM } from './approve-by-click.ts';
import { consentIn } from './consent.ts';
import { approve, deny } from './decide-request.ts';
import { refuseOrRetry } from './errors-to-card.ts';
import type { Flow, Reply, Speaker } from './flow.ts';
import { fillIncidentForm, isIncidentForm } from './incidents/fill-incident-form.ts';

/** Forms that are no command: the reason of a denial, the code that makes an approval count, what an incident's buttons ask. */
export async function formFlow<World>(
  form: Extract<Incoming, { kind: 'form' }>,
  speaker: Speaker,
  flow: Flow<World>,
  reply: Reply,
): Promise<void> {
  try {
    const { form: id } = form;
    if (isIncidentForm(id)) return await reply.say(await fillIncidentForm({ ...form, form: id }, speaker, flow));
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
