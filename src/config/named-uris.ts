import { MongoUri } from './kinds.ts';
import type { ConfigMistake } from './mistakes.ts';
import type { Secret } from './secret.ts';

/** An address from a variable that the plan names, or what is wrong with it, without a letter of it. */
export type NamedUri = { readonly uri: Secret } | { readonly mistake: ConfigMistake };

/**
 * Reads MongoDB addresses from variables that are not ours to name. They are not needed to start: what is missing or wrong
 * is told to whoever needs it. Encrypted on their way, like every other.
 */
export function namedUris(
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): ReadonlyMap<string, NamedUri> {
  return new Map(names.map((name) => [name, read(name, env[name]?.trim() || undefined)]));
}

function read(name: string, given: string | undefined): NamedUri {
  if (given === undefined) return { mistake: { name, sentence: 'is missing.' } };
  const parsed = MongoUri.safeParse(given);
  if (parsed.success) return { uri: parsed.data };
  return { mistake: { name, sentence: `What is set is not ${parsed.error.issues[0]?.message}.` } };
}
