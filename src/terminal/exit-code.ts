import type { DrError, ErrorCode } from '#core';
import type { RequestView } from '#flows';

/** What a shell reads: 0 done, 1 failed, 2 wrong use, 3 refused, 4 waiting. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

const WRONG_USE: readonly ErrorCode[] = [
  'COMMAND_UNKNOWN',
  'ARGUMENTS_INVALID',
  'TIME_INVALID',
  'CONFIG_INVALID',
  'PLAN_INVALID',
];

/** Of an error: wrong use where the line, the environment or the plan is wrong; refused where a person may not or can not. */
export function exitCodeOf({ code, kind }: Pick<DrError, 'code' | 'kind'>): ExitCode {
  if (WRONG_USE.includes(code)) return 2;
  return kind === 'user' ? 3 : 1;
}

/** Of a request as it stands: 4 as long as it has not ended. */
export function exitCodeOfRequest({ request, run }: Pick<RequestView, 'request' | 'run'>): ExitCode {
  switch (request.state) {
    case 'checking':
    case 'waiting':
      return 4;
    case 'approved':
      if (!run) return 4;
      if (run.state === 'done') return 0;
      return run.state === 'failed' || run.state === 'stopped' || run.state === 'refused' ? 1 : 4;
    default:
      return 3;
  }
}

/** Whether anything may still change. A failed run waits for a person; the terminal does not wait with it. */
export const hasEnded = (view: Pick<RequestView, 'request' | 'run'>): boolean => exitCodeOfRequest(view) !== 4;
