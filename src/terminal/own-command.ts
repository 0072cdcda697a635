import type { ExitCode } from './exit-code.ts';
import type { TerminalOptions } from './options.ts';
import type { Output } from './screen.ts';

/** A command that only a terminal has: it needs no servers, or must never be said in Slack. */
export interface OwnCommand {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** Loads what it needs only now. */
  readonly run: (words: readonly string[], context: OwnContext) => Promise<ExitCode>;
}

export interface OwnContext {
  readonly options: TerminalOptions;
  readonly out: Output;
}
