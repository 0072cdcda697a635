import { z } from 'zod';
import { asDrError, DrError } from '#core';
import { KeyLack, type KeyUse, sayKeyUse } from '#vault';

/** A key whose newest generation is not whole: it opens, but not from everywhere. */
export const KeyShort = z.object({ key: z.string(), lacks: z.array(KeyLack).min(1) });
export type KeyShort = z.output<typeof KeyShort>;

/** A key that could not be opened, or written. `passes`: while regions do not answer nobody can say more. */
export const KeyTrouble = z.object({
  key: z.string(),
  problem: z.string(),
  hint: z.string().optional(),
  passes: z.boolean(),
});
export type KeyTrouble = z.output<typeof KeyTrouble>;

/** How many there are, and the first of them: a dead region makes every key of the vault short, and a journal is no list. */
export const Shorts = z.object({ count: z.number().int(), first: z.array(KeyShort) });
export type Shorts = z.output<typeof Shorts>;
export const Troubles = z.object({ count: z.number().int(), first: z.array(KeyTrouble) });

/** What wrapping anew came to. */
export const Wrapped = z.object({
  /** Keys with a generation of this run, read back and opened by every region that it has a wrap of. */
  rewrapped: z.number().int(),
  short: Shorts,
  trouble: Troubles,
});
export type Wrapped = z.output<typeof Wrapped>;

const KEPT = 100;

/** What a person must look at comes first, or it might be what is cut off. */
export function shortsOf(all: readonly KeyShort[]): Shorts {
  const wrongFirst = [...all.filter(isWrong), ...all.filter((short) => !isWrong(short))];
  return { count: all.length, first: wrongFirst.slice(0, KEPT) };
}

export function troublesOf(all: readonly KeyTrouble[]): z.output<typeof Troubles> {
  const staysFirst = [...all.filter(({ passes }) => !passes), ...all.filter(({ passes }) => passes)];
  return { count: all.length, first: staysFirst.slice(0, KEPT) };
}

/** One key's error as a finding, so that it does not end the work on all others. A bug of ours is thrown on. */
export function troubleOf(use: KeyUse, thrown: unknown): KeyTrouble {
  const { kind, message, hint } = asDrError(thrown);
  if (kind === 'bug') throw thrown;
  return {
    key: sayKeyUse(use),
    problem: message,
    passes: kind === 'transient',
    ...(hint === undefined ? {} : { hint }),
  };
}

export const shortOf = (use: KeyUse, lacks: readonly KeyLack[]): KeyShort[] =>
  lacks.length === 0 ? [] : [{ key: sayKeyUse(use), lacks: [...lacks] }];

/** Whether something of it will not mend by itself, as a silent region does. */
export const isWrong = ({ lacks }: KeyShort): boolean => lacks.some(({ kind }) => kind !== 'silent');

/** Throws when not one key could be opened or written: that is no finding about keys, and worth another try. */
export function throwIfNobodyAnswers(results: readonly (KeyTrouble | undefined)[]): void {
  const [first] = results;
  if (!first || !results.every((trouble) => trouble?.passes)) return;
  throw new DrError('SERVICE_UNAVAILABLE', 'transient', first.problem);
}
