import type { z } from 'zod';
import { closest, DrError } from '#core';
import type { AnyCommand } from './define-command.ts';
import { splitLine } from './split-line.ts';

/** A command as understood. `missing` is set when only required arguments are absent, so that a form may ask. */
export type Parsed<World> =
  | {
      readonly kind: 'ready';
      readonly command: AnyCommand<World>;
      readonly args: unknown;
      readonly dryRun: boolean;
      /** Everybody in the channel is to read the answer. */
      readonly here: boolean;
      /** The step before which its run is to hold by itself, as it was typed. */
      readonly holdAt?: string | undefined;
    }
  | {
      readonly kind: 'missing';
      readonly command: AnyCommand<World>;
      readonly given: Readonly<Record<string, unknown>>;
      readonly missing: readonly string[];
    };

/** What every command takes that starts a run: its value names a step. */
const HOLD_AT = 'hold-at';

/** Flags every command understands; they say how to answer, not what to do. */
const COMMON_SWITCHES = ['dry-run', 'json', 'watch', 'here', 'yes'];

/**
 * Understands a line: `failover us-west-2 --reason "..."`. Names of two words ("slack manifest") win over names of one.
 * Throws COMMAND_UNKNOWN or ARGUMENTS_INVALID (user) with what to type instead; nothing was changed.
 */
export function parseCommand<World>(line: string, commands: readonly AnyCommand<World>[]): Parsed<World> {
  const switches = new Set([
    ...COMMON_SWITCHES,
    ...commands.flatMap((command) => command.switches.map((name) => kebab(name))),
  ]);
  const { words, flags } = splitLine(line.trim() === '' ? 'help' : line, switches);
  const command = findCommand(words, commands);
  const given: Record<string, unknown> = {};
  const rest = words.slice(command.name.split(' ').length);
  for (const [index, word] of rest.entries()) {
    const name = command.words[index];
    if (!name) throw wrongUse(command, `"${cut(word)}" is one word too many.`);
    given[name] = word;
  }
  const holdAt = holdAtIn(flags, command);
  for (const [flag, value] of flags) {
    if (COMMON_SWITCHES.includes(flag) || (flag === HOLD_AT && holdAt !== undefined)) continue;
    const name = camel(flag);
    const known = flagNames(command);
    if (!known.includes(name)) {
      const near = closest(flag, known.map(kebab));
      throw wrongUse(command, `--${flag} is not a flag of ${command.name}.${near ? ` Did you mean --${near}?` : ''}`);
    }
    if (name in given) throw wrongUse(command, `${kebab(name)} is given twice.`);
    given[name] = value;
  }
  const parsed = command.args.safeParse(given);
  if (parsed.success) {
    const meant = command.dryUnless === undefined || given[command.dryUnless] === true;
    const [dryRun, here] = [flags.get('dry-run') === true || !meant, flags.get('here') === true];
    return { kind: 'ready', command, args: parsed.data, dryRun, here, holdAt };
  }
  const absent = parsed.error.issues.filter(({ path }) => !(String(path[0]) in given));
  if (absent.length === parsed.error.issues.length) {
    const missing = [...new Set(absent.map(({ path }) => String(path[0])))];
    return { kind: 'missing', command, given: holdAt === undefined ? given : { ...given, holdAt }, missing };
  }
  throw wrongUse(command, parsed.error.issues.map((issue) => sentence(issue, given)).join(' '));
}

/** The command a line names, the longest name first. */
function findCommand<World>(words: readonly string[], commands: readonly AnyCommand<World>[]): AnyCommand<World> {
  const typed = [words.slice(0, 2).join(' '), words[0] ?? ''].map((name) => name.toLowerCase());
  for (const name of typed) {
    const found = commands.find((command) => command.name === name);
    if (found) return found;
  }
  const near = closest(
    typed[1] ?? '',
    commands.map(({ name }) => name),
  );
  const rest = words.slice(1).join(' ');
  const meant = near ? `/dr ${near}${rest ? ` ${rest}` : ''}` : undefined;
  throw new DrError(
    'COMMAND_UNKNOWN',
    'user',
    `I do not know "/dr ${cut(words[0] ?? '')}".${meant ? ` Did you mean ${meant}?` : ''} Nothing was changed.`,
    { hint: meant ?? '/dr help', data: { meant } },
  );
}

function wrongUse<World>(command: AnyCommand<World>, what: string): DrError {
  return new DrError('ARGUMENTS_INVALID', 'user', `${what} Nothing was changed.`, {
    hint: `/dr ${command.name} ${command.usage}`.trim(),
    data: { command: command.name },
  });
}

function sentence(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): string {
  const name = String(issue.path[0] ?? '');
  const value = given[name];
  return `${kebab(name)}${typeof value === 'string' ? ` "${cut(value)}"` : ''}: ${issue.message}.`;
}

/** All argument names that may be given as a flag: everything the schema has, and a hold point where there is a run. */
const flagNames = <World>(command: AnyCommand<World>): string[] => [
  ...Object.keys(command.args.shape),
  ...(command.does.kind === 'runs' ? [camel(HOLD_AT)] : []),
];

function holdAtIn<World>(flags: ReadonlyMap<string, string | true>, command: AnyCommand<World>): string | undefined {
  const value = flags.get(HOLD_AT);
  if (value === undefined || command.does.kind !== 'runs') return undefined;
  if (value === true || value.trim() === '') throw wrongUse(command, `--${HOLD_AT} needs a step.`);
  return value;
}

const cut = (word: string): string => (word.length > 40 ? `${word.slice(0, 37)}...` : word);
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const camel = (flag: string): string => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
