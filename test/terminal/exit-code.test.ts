import { describe, expect, it } from 'vitest';
import { DrError } from '#core';
import { exitCodeOf, exitCodeOfRequest, hasEnded } from '../../src/terminal/exit-code.ts';

type Ended = Parameters<typeof exitCodeOfRequest>[0];
const standing = (state: string, run?: string): Ended =>
  ({ request: { state }, run: run === undefined ? undefined : { state: run } }) as never;

describe('what a shell reads', () => {
  it('is 0 for what was done and 1 for what failed', () => {
    expect(exitCodeOfRequest(standing('approved', 'done'))).toBe(0);
    for (const run of ['failed', 'stopped', 'refused'])
      expect(exitCodeOfRequest(standing('approved', run)), run).toBe(1);
    expect(exitCodeOf(new DrError('DATABASE_UNAVAILABLE', 'transient', 'gone'))).toBe(1);
    expect(exitCodeOf(new DrError('UNEXPECTED', 'bug', 'ours'))).toBe(1);
  });

  it('is 2 for wrong use and 3 for what was refused', () => {
    expect(exitCodeOf(new DrError('COMMAND_UNKNOWN', 'user', 'x'))).toBe(2);
    expect(exitCodeOf(new DrError('ARGUMENTS_INVALID', 'user', 'x'))).toBe(2);
    expect(exitCodeOf(new DrError('PLAN_INVALID', 'user', 'x'))).toBe(2);
    expect(exitCodeOf(new DrError('NOT_ALLOWED', 'user', 'x'))).toBe(3);
    for (const state of ['denied', 'expired', 'cancelled', 'refused']) {
      expect(exitCodeOfRequest(standing(state)), state).toBe(3);
    }
  });

  it('is 4 as long as somebody or something is waited for', () => {
    const open = [standing('checking'), standing('waiting'), standing('approved'), standing('approved', 'held')];
    for (const each of [...open, standing('approved', 'putting-back')]) {
      expect(exitCodeOfRequest(each)).toBe(4);
      expect(hasEnded(each)).toBe(false);
    }
    expect(hasEnded(standing('approved', 'done'))).toBe(true);
  });
});
