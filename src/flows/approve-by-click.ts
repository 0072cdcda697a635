import { DrError } from '#core';
import type { Consent } from './consent.ts';
import { approve, type Decider } from './decide-request.ts';
import type { Flow, Reply } from './flow.ts';

/** The form's id, which comes back with the code. */
export const CODE_FORM = 'approve';

/**
 * Counts the click. Where the policy asks for a second proof, whoever else could approve is asked for the code of their
 * authenticator; the click counts when that comes back right. `value` is the button's, and comes back with the form.
 * Throws APPROVAL_REFUSED as `approve` does.
 */
export async function approveByClick<World>(
  consent: Consent,
  value: string,
  by: Decider,
  flow: Flow<World>,
  reply: Reply,
): Promise<void> {
  try {
    await reply.say(await approve(consent, by, flow));
  } catch (thrown) {
    const isMissingCode = thrown instanceof DrError && thrown.data['refusal'] === 'step-up-needed';
    if (!isMissingCode || !reply.ask) throw thrown;
    await reply.ask({
      id: CODE_FORM,
      title: `Approve ${consent.request}`,
      submit: 'Approve',
      context: value,
      intro: ['One more proof, for this request and you only.'],
      fields: [{ kind: 'line', id: 'code', label: 'Code', hint: 'The six digits that your authenticator shows now.' }],
    });
  }
}
