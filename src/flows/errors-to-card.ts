import { asDrError, bold, type DrError, type Logger, Text } from '#core';
import type { Card } from '#ports';
import type { Flow, Reply } from './flow.ts';

/**
 * The one place that turns any error into what a person reads. A bug shows an id that is in the log beside the
 * stack; nobody is shown a stack.
 */
export function errorCard(thrown: unknown, logger: Logger, errorId: () => string): Card {
  const error = asDrError(thrown);
  if (error.kind === 'bug') {
    const id = errorId();
    logger.error({ err: error, errorId: id }, 'a bug was shown to a person');
    return plain(`Holdfast made a mistake (${id}).`, [
      [bold('That was Holdfast, not you.'), ` It is logged as ${id}. Nothing was started by this command.`],
      ['Look whether anything is under way: /dr status'],
    ]);
  }
  const text = Text.safeParse(error.data['text']);
  return plain(error.message, [
    text.success ? text.data : [headline(error)],
    ...(error.hint ? [[`Next: ${error.hint}`] satisfies Text] : []),
  ]);
}

/**
 * Tells whoever spoke what went wrong. When it was our own store that did not answer, what they asked for is kept and
 * must not be dropped: the error is thrown on, and whoever holds the payload tries again.
 */
export async function refuseOrRetry<World>(
  thrown: unknown,
  flow: Pick<Flow<World>, 'logger' | 'random'>,
  reply: Reply,
): Promise<void> {
  const error = asDrError(thrown);
  await reply.refuse(
    error,
    errorCard(thrown, flow.logger, () => flow.random(4).toString('hex')),
  );
  if (error.code === 'STORE_UNAVAILABLE' && error.kind === 'transient') throw error;
}

/** Every refusal says what was not done. */
function headline(error: DrError): string {
  const said = error.message.includes('Nothing was changed');
  return error.kind === 'user' && !said ? `${error.message} Nothing was changed.` : error.message;
}

/** A short answer of a few lines. */
export function plain(push: string, body: readonly Text[]): Card {
  return { push, parts: [{ kind: 'text', text: body.flatMap((line, index) => (index ? ['\n', ...line] : line)) }] };
}
