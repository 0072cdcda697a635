import type { Incoming } from '#ports';

const USED = '(used)';
/** `--code 123456`, `--code=123456`, `--code "123456"`. */
const CODE_FLAG = /(--?code[\s=]+)"?\d[\d\s]*"?/gi;

/**
 * The payload as it is kept once it was handled: without the code of an authenticator. A code counts once and for
 * seconds, but whoever reads the control store has no business with any.
 */
export function blackOutCode(incoming: Incoming): Incoming {
  switch (incoming.kind) {
    case 'command':
    case 'mention':
      return { ...incoming, text: incoming.text.replace(CODE_FLAG, `$1${USED}`) };
    case 'form':
      if (incoming.answers['code'] === undefined) return incoming;
      return { ...incoming, answers: { ...incoming.answers, code: USED } };
    default:
      return incoming;
  }
}
