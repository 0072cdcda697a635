import { parseArgs } from 'node:util';
import { z } from 'zod';

const atLeastOne = z.coerce.number().int().min(1).max(1_000_000);

const Options = z.object({
  /** Of the random choices: the same one makes the same choices again. */
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .default(() => Date.now() % 1_000_000),
  /** Rounds. */
  count: atLeastOne.optional(),
  points: atLeastOne.default(200),
  minutes: atLeastOne.default(60),
  help: z.boolean().default(false),
});
export type SoakOptions = z.output<typeof Options> & { readonly name: string };

/** @throws Error that says which option is wrong, and how. */
export function soakOptions(argv: readonly string[]): SoakOptions {
  const text = { type: 'string' } as const;
  const { positionals, values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { seed: text, count: text, points: text, minutes: text, help: { type: 'boolean', short: 'h' } },
  });
  const parsed = Options.safeParse(values);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'));
  }
  return { ...parsed.data, name: positionals[0] ?? '' };
}
