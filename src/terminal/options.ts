/** Options of the terminal itself; everything else is the command, whose flags the command knows. */
export interface TerminalOptions {
  /** Whom this command is said by; counts only where HOLDFAST_TRUST_AS says so. */
  readonly as: string | undefined;
  readonly json: boolean;
  readonly watch: boolean;
  /** Asks and leaves, instead of waiting for the end. */
  readonly detach: boolean;
  readonly words: readonly string[];
}

const SWITCHES = ['json', 'watch', 'detach'] as const;

/** Takes the terminal's own options out of the words of a shell. Pure. */
export function readOptions(argv: readonly string[]): TerminalOptions {
  const words: string[] = [];
  const on = new Set<string>();
  let as: string | undefined;
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const flag = word.startsWith('--') ? word.slice(2) : undefined;
    if (flag === 'as') {
      as = argv[index + 1] ?? '';
      index += 1;
    } else if (flag?.startsWith('as=')) as = flag.slice(3);
    else if (SWITCHES.some((name) => name === flag)) on.add(flag ?? '');
    else words.push(word);
  }
  return { as, json: on.has('json'), watch: on.has('watch'), detach: on.has('detach'), words };
}

/** The words as one line again: the shell took the quotes away, and what had spaces gets them back. */
export const lineOf = (words: readonly string[]): string =>
  words.map((word) => (/[\s"]/.test(word) || word === '' ? JSON.stringify(word) : word)).join(' ');

/** The value after `--name`, or after `--name=`; undefined when it is not there. */
export function flagValue(words: readonly string[], name: string): string | undefined {
  const joined = words.find((word) => word.startsWith(`--${name}=`));
  if (joined) return joined.slice(name.length + 3);
  const index = words.indexOf(`--${name}`);
  return index === -1 ? undefined : words[index + 1];
}
