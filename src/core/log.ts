import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Fields that may carry a secret, wherever they sit. A token in a log outlives its rotation. */
const SECRET_FIELDS = ['token', 'password', 'secret', 'authorization', 'uri', 'response_url', 'responseUrl', 'key'];

/** A structured logger: one JSON line an event, to standard error so that `--json` output stays clean. */
export function createLogger(name: string, level: string, to: DestinationStream = pino.destination(2)): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  return pino({ name, level, redact: { paths, censor: '[redacted]' } }, to);
}
