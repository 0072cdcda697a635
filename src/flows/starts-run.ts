import { parseCommand } from '#chatops';
import type { Flow } from './flow.ts';

/** Whether a line asks for something that gets a request number. A line that is not understood does not. */
export function startsRun<World>(line: string, { commands }: Pick<Flow<World>, 'commands'>): boolean {
  try {
    const parsed = parseCommand(line, commands);
    return parsed.kind === 'ready' && parsed.command.does.kind === 'runs' && !parsed.dryRun;
  } catch {
    return false;
  }
}
