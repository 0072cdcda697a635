import { DrError } from '#core';

/** What a person typed after `/dr`, cut into words and flags. */
export interface Line {
  readonly words: readonly string[];
  /** `--reason "x"` and `--reason=x` give `{ reason: 'x' }`; a flag without a value gives `true`. */
  readonly flags: ReadonlyMap<string, string | true>;
}

/** Longer lines are refused: nobody types them, and they end up in records and pages. */
const LONGEST_LINE = 2_000;

/**
 * Splits like a shell, without its power: quotes group, nothing is expanded. Phones turn "..." into curly quotes and
 * -- into a dash; both are taken for what was meant.
 * `switches` are the flags that take no value, so that the word after them stays a word.
 * Throws ARGUMENTS_INVALID for an unclosed quote, a flag given twice or a line that is too long.
 */
export function splitLine(line: string, switches: ReadonlySet<string>): Line {
  if (line.length > LONGEST_LINE) {
    throw new DrError(
      'ARGUMENTS_INVALID',
      'user',
      `That line has ${line.length} characters; ${LONGEST_LINE} is the most.`,
    );
  }
  const tokens = tokensOf(line.replace(/[\u201c\u201d\u201e]/g, '"').replace(/(^|\s)[\u2014\u2013](?=[a-z])/g, '$1--'));
  const words: string[] = [];
  const flags = new Map<string, string | true>();
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (!token) continue;
    const flag = token.quoted ? null : /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(token.text);
    if (!flag?.[1]) {
      words.push(token.text);
      continue;
    }
    const name = flag[1];
    if (flags.has(name)) throw new DrError('ARGUMENTS_INVALID', 'user', `--${name} is given twice.`);
    const next = tokens[index + 1];
    if (flag[2] !== undefined) flags.set(name, flag[2]);
    else if (switches.has(name) || !next || (!next.quoted && next.text.startsWith('--'))) flags.set(name, true);
    else {
      flags.set(name, next.text);
      index += 1;
    }
  }
  return { words, flags };
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|(--[a-z-]+=)"((?:[^"\\]|\\.)*)"|(\S+))/gsy;
  let rest = 0;
  for (let found = pattern.exec(line); found; found = pattern.exec(line)) {
    rest = pattern.lastIndex;
    const [, quoted, flag, flagValue, bare] = found;
    if (quoted !== undefined) tokens.push({ text: unquote(quoted), quoted: true });
    else if (flag !== undefined) tokens.push({ text: flag + unquote(flagValue ?? ''), quoted: false });
    else if (bare?.startsWith('"') || bare?.includes('="')) {
      throw new DrError('ARGUMENTS_INVALID', 'user', 'A quote is opened and not closed.', {
        hint: 'Write it as --reason "east storage is slow".',
      });
    } else if (bare !== undefined) tokens.push({ text: bare, quoted: false });
  }
  if (line.slice(rest).trim() !== '') throw new DrError('ARGUMENTS_INVALID', 'user', 'That line can not be read.');
  return tokens;
}

const unquote = (text: string): string => text.replace(/\\(.)/gs, '$1');
