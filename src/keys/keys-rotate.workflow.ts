import { z } from 'zod';
import { counted, DrError, type Text } from '#core';
import { inParallel, openKey, rewrapKey, sayKeyUse, type Vault } from '#vault';
import { defineWorkflow, notYet } from '#workflow';
import { type ChosenKey, ChosenKeys, chooseKeys, WhichKeys } from './choose-keys.ts';
import { Drill, drillRegions, newestBackup } from './drill-regions.ts';
import {
  isWrong,
  type KeyShort,
  type KeyTrouble,
  type Shorts,
  shortOf,
  shortsOf,
  throwIfNobodyAnswers,
  troubleOf,
  troublesOf,
  Wrapped,
} from './findings.ts';

export interface RotationWorld {
  readonly vault: Vault;
}

/** What a run is given. */
export const RotateInput = z.object({ which: WhichKeys });
export type RotateInput = z.output<typeof RotateInput>;

export const Drilled = z.object({ drills: z.array(Drill) });
const Judged = z.object({ well: z.literal(true) });

const AT_ONCE = 4;

/**
 * Wraps data keys anew under the regions' current keys, in new generations beside the old ones, and has every region's
 * key alone open the newest backup. No data is touched and nothing is removed, so it needs nobody and may be stopped or
 * begun again at any time.
 */
export const keysRotateWorkflow = defineWorkflow<RotationWorld>()('keys-rotate', {
  input: RotateInput,
  exclusive: 'keys-rotate',
})
  .step('choose', {
    output: ChosenKeys,
    says: () => ({ todo: 'Choose the keys to wrap anew', done: 'keys chosen' }),
    tells: (chosen) => chosenText(chosen),
    // Choosing again is harmless: nothing is written yet.
    observe: async () => notYet,
    run: async ({ world, input, signal, report }) =>
      chooseKeys(world.vault, input.which, signal, (looked, all) =>
        report({ text: [`${looked} of ${counted(all, 'key')} proved`], share: looked / all }),
      ),
    timeoutMs: 6 * 3_600_000,
    retry: { times: 3, everyMs: 2_000 },
  })
  .step('wrap', {
    output: Wrapped,
    says: () => ({ todo: 'Wrap them under the current keys', done: 'wrapped, read back and opened by every region' }),
    tells: (wrapped) => wrappedText(wrapped),
    // A generation that a killed run wrote is found by its number, proved, and given to the regions that lack it.
    observe: async () => notYet,
    run: async ({ world, done, signal, report }) => {
      const { keys } = done.choose;
      let finished = 0;
      const results = await inParallel(keys, AT_ONCE, async (chosen) => {
        signal.throwIfAborted();
        const result = await wrapAnew(world.vault, chosen);
        finished += 1;
        const text = [`${finished} of ${counted(keys.length, 'key')}, now ${sayKeyUse(chosen.use)}`];
        report({ text, share: Math.min(0.99, finished / keys.length) });
        return result;
      });
      throwIfNobodyAnswers(results.map(({ trouble: [trouble] }) => trouble));
      return {
        rewrapped: results.reduce((sum, { rewrapped }) => sum + rewrapped, 0),
        short: shortsOf(results.flatMap(({ short }) => short)),
        trouble: troublesOf(results.flatMap(({ trouble }) => trouble)),
      };
    },
    timeoutMs: 24 * 3_600_000,
    retry: { times: 5, everyMs: 10_000 },
  })
  .step('drill', {
    output: Drilled,
    says: () => ({ todo: 'Open the newest backup with each key alone', done: 'each key alone tried' }),
    tells: ({ drills }) => drillText(drills),
    observe: async () => notYet,
    run: async ({ world }) => {
      const newest = await newestBackup(world.vault);
      return { drills: newest ? await drillRegions(world.vault, newest) : [] };
    },
    timeoutMs: 10 * 60_000,
    retry: { times: 3, everyMs: 2_000 },
  })
  .step('judge', {
    output: Judged,
    says: () => ({ todo: 'Judge what was found', done: 'every key opens what it must' }),
    observe: async () => notYet,
    run: async ({ done }) => {
      const problem = worstOf(done.choose, done.wrap, done.drill.drills);
      if (problem) throw problem;
      return { well: true as const };
    },
    timeoutMs: 30_000,
    retry: { times: 0, everyMs: 1_000 },
  })
  .build();

interface WrappedOne {
  readonly rewrapped: 0 | 1;
  readonly short: readonly KeyShort[];
  readonly trouble: readonly KeyTrouble[];
}

async function wrapAnew(vault: Vault, { use, generation }: ChosenKey): Promise<WrappedOne> {
  try {
    const opened = await openKey(vault, use);
    try {
      const { lacks } = await rewrapKey(vault, opened, generation);
      return { rewrapped: 1, short: shortOf(use, lacks), trouble: [] };
    } finally {
      opened.close();
    }
  } catch (thrown) {
    return { rewrapped: 0, short: [], trouble: [troubleOf(use, thrown)] };
  }
}

function chosenText({ keys, kept, waiting }: ChosenKeys): Text {
  return [
    `${counted(keys.length, 'key')} to wrap.`,
    kept > 0 ? ` ${kept} proved, young and whole.` : '',
    waiting.count > 0 ? ` ${waiting.count} wait for ${regionsOf(waiting)}.` : '',
  ];
}

function wrappedText({ rewrapped, short, trouble }: Wrapped): Text {
  return [
    `${counted(rewrapped, 'key')} wrapped anew.`,
    short.count > 0 ? ` ${short.count} not whole: ${regionsOf(short)}.` : '',
    trouble.count > 0 ? ` ${counted(trouble.count, 'key')} in trouble.` : '',
  ];
}

const regionsOf = ({ first }: Shorts): string =>
  [...new Set(first.flatMap(({ lacks }) => lacks.map(({ region }) => region)))].join(', ');

function drillText(drills: readonly Drill[]): Text {
  const [first] = drills;
  if (!first) return ['No backup to open.'];
  const opening = drills.filter(({ result }) => result === 'OPENS').map(({ region }) => region);
  const rest = drills.filter(({ result }) => result !== 'OPENS').map(({ region, result }) => ` ${region}: ${result}.`);
  const words = opening.length > 0 ? `alone by the key of each of ${opening.join(', ')}` : 'by no key alone';
  return [`${first.backup} opened ${words}.`, ...rest];
}

/** What a person must look at; a region that does not answer mends by itself and is only said. */
function worstOf(chosen: ChosenKeys, wrapped: Wrapped, drills: readonly Drill[]): DrError | undefined {
  const [first] = [...chosen.trouble.first, ...wrapped.trouble.first].filter(({ passes }) => !passes);
  if (first) {
    const count = chosen.trouble.count + wrapped.trouble.count;
    const more = count > 1 ? ` ${count - 1} more in trouble.` : '';
    return new DrError('KEY_REFUSED', 'permanent', `The key of ${first.key}: ${first.problem}${more}`, {
      hint: first.hint ?? `What is damaged is healed from another region: /dr verify ${first.key}`,
    });
  }
  const refused = drills.find(({ result }) => result === 'REFUSED');
  if (refused) {
    const { region, backup, problem = '' } = refused;
    return new DrError(
      'KEY_REFUSED',
      'permanent',
      `The key of ${region} does not open ${backup} alone. ${problem}`.trim(),
      {
        hint: `Backups open with the other regions' keys. dr doctor says what is wrong in ${region}.`,
      },
    );
  }
  const [wrong] = [...wrapped.short.first, ...chosen.waiting.first].filter(isWrong);
  if (!wrong) return undefined;
  const lack = wrong.lacks.find(({ kind }) => kind !== 'silent') ?? wrong.lacks[0];
  return new DrError(
    'KEY_REFUSED',
    'permanent',
    `The key of ${wrong.key} is not whole in ${lack?.region}. ${lack?.problem}`,
    {
      hint: 'Older wraps still open it. dr doctor says what is wrong there, then: /dr keys rotate --due',
    },
  );
}
