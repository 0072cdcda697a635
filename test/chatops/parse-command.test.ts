import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type AnyCommand, parseCommand } from '#chatops';
import { DrError } from '#core';

const command = (name: string, args: AnyCommand<object>['args'], words: string[], switches: string[] = []) =>
  ({
    name,
    summary: name,
    usage: '<region> --reason "..."',
    group: 'Move',
    examples: [],
    args,
    words,
    switches,
    role: { kind: 'everyone' },
    approval: { kind: 'none' },
    does: { kind: 'answers', answer: async () => ({ push: '', parts: [] }) },
  }) as AnyCommand<object>;

const commands = [
  command(
    'failover',
    z.object({ region: z.enum(['us-east-1', 'us-west-2']), reason: z.string(), planned: z.boolean().default(false) }),
    ['region'],
    ['planned'],
  ),
  command('restore', z.object({ backup: z.string(), dryRunOnly: z.string().optional() }), ['backup']),
  command('plan check', z.object({}), []),
  command('plan', z.object({}), []),
  command('help', z.object({ command: z.string().optional() }), ['command']),
];

const parse = (line: string) => parseCommand(line, commands);
const refusal = (line: string): DrError => {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof DrError) return error;
    throw error;
  }
  throw new Error(`"${line}" was understood.`);
};

describe('a line that fits', () => {
  test.each([
    'failover us-west-2 --reason "east storage is slow" --planned',
    'failover us-west-2 --planned --reason="east storage is slow"',
    'failover --reason "east storage is slow" --planned us-west-2',
    'failover us-west-2 --reason \u201ceast storage is slow\u201d \u2014planned',
    '  FAILOVER   us-west-2   --reason   "east storage is slow"  --planned ',
  ])('%s', (line) => {
    expect(parse(line)).toMatchObject({
      kind: 'ready',
      args: { region: 'us-west-2', reason: 'east storage is slow', planned: true },
      dryRun: false,
    });
  });

  test('a switch does not swallow the word after it', () => {
    expect(parse('failover --planned us-west-2 --reason x')).toMatchObject({ args: { region: 'us-west-2' } });
  });

  test('--dry-run is understood by every command', () => {
    expect(parse('failover us-west-2 --reason x --dry-run')).toMatchObject({ kind: 'ready', dryRun: true });
  });

  test('a name of two words wins over a name of one', () => {
    expect(parse('plan check').command.name).toBe('plan check');
    expect(parse('plan').command.name).toBe('plan');
  });

  test('an empty line asks for help', () => {
    expect(parse('').command.name).toBe('help');
  });

  test('quotes keep spaces and escaped quotes, and expand nothing', () => {
    expect(parse('failover us-west-2 --reason "say \\"now\\" $HOME `id` ; rm"')).toMatchObject({
      args: { reason: 'say "now" $HOME `id` ; rm' },
    });
  });
});

test('a line in which only something required is missing can be completed by a form', () => {
  expect(parse('failover us-west-2')).toMatchObject({
    kind: 'missing',
    missing: ['reason'],
    given: { region: 'us-west-2' },
  });
});

describe('a line that does not fit says what to type instead', () => {
  test.each([
    ['fialover us-west-2', 'COMMAND_UNKNOWN', 'Did you mean /dr failover us-west-2?'],
    ['dance', 'COMMAND_UNKNOWN', 'I do not know "/dr dance".'],
    ['failover us-west-2 now --reason x', 'ARGUMENTS_INVALID', '"now" is one word too many.'],
    ['failover us-west-2 --raeson x', 'ARGUMENTS_INVALID', 'Did you mean --reason?'],
    ['failover mars --reason x', 'ARGUMENTS_INVALID', 'region "mars"'],
    ['failover us-west-2 --reason x --reason y', 'ARGUMENTS_INVALID', '--reason is given twice.'],
    ['failover us-west-2 --region us-east-1 --reason x', 'ARGUMENTS_INVALID', 'region is given twice.'],
    ['failover us-west-2 --reason "x', 'ARGUMENTS_INVALID', 'A quote is opened and not closed.'],
    [`failover us-west-2 --reason ${'x'.repeat(3000)}`, 'ARGUMENTS_INVALID', '2000 is the most'],
  ])('%s', (line, code, words) => {
    expect(refusal(line)).toMatchObject({ code, kind: 'user', message: expect.stringContaining(words) });
  });
});

test('nonsense of any kind is refused as the person’s, never as a bug', () => {
  const word = fc.oneof(
    fc.constantFrom('failover', 'restore', 'us-west-2', '--reason', '--planned', '"', '=', '\\'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      try {
        parse(words.join(' '));
      } catch (error) {
        expect(error).toBeInstanceOf(DrError);
        expect(error).toMatchObject({ kind: 'user' });
      }
    }),
    { numRuns: 2_000 },
  );
});
