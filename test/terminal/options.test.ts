import { describe, expect, it } from 'vitest';
import { flagValue, lineOf, readOptions } from '../../src/terminal/options.ts';

describe("the terminal's own options", () => {
  it('are taken out of the command, wherever they stand', () => {
    const words = ['--json', 'failover', 'us-west-2', '--as', 'John Smith', '--reason', 'east is slow', '--detach'];
    expect(readOptions(words)).toEqual({
      as: 'John Smith',
      json: true,
      watch: false,
      detach: true,
      words: ['failover', 'us-west-2', '--reason', 'east is slow'],
    });
    expect(readOptions(['status', '--watch', '--as=Jane Doe'])).toMatchObject({ as: 'Jane Doe', watch: true });
  });

  it('leave a line in which what had spaces or quotes is one word again', () => {
    expect(lineOf(['failover', 'us-west-2', '--reason', 'a "slow" disk'])).toBe(
      'failover us-west-2 --reason "a \\"slow\\" disk"',
    );
  });

  it('find the value of a flag in both spellings', () => {
    expect(flagValue(['--for', 'Jane Doe'], 'for')).toBe('Jane Doe');
    expect(flagValue(['--for=Jane Doe'], 'for')).toBe('Jane Doe');
    expect(flagValue(['--days', '3'], 'for')).toBeUndefined();
  });
});
