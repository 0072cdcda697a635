import { z } from 'zod';
import {
  counted,
  DrError,
  documentsOf,
  elementOf,
  formatCount,
  RequestId,
  rawDocument,
  rawString,
  requiredElement,
  say,
  stringOf,
} from '#core';
import { keptFolder, reachableVault, readKept, type Vault, writeKept } from '#vault';
import { defineWorkflow, notYet, type StepContext } from '#workflow';
import { findThere, placeOf } from './find-there.ts';
import { keepReceipt, readMissing, readReceipt } from './keep-receipt.ts';
import { type LossWorld, lossLock, using } from './loss-world.ts';
import type { LostDocument } from './lost-documents.ts';
import { idOfDocument, idText } from './lost-write.ts';
import { MissingList } from './missing-list.ts';
import { planMerge, toWrite } from './plan-merge.ts';

/** What a merge is given. */
export const MergeInput = z.object({
  /** Whose loss receipt. */
  receipt: RequestId,
  only: z.array(z.string()).min(1).optional(),
  takeLost: z.boolean(),
  /** Of what people approved to be written. */
  hash: z.string(),
});
export type MergeInput = z.output<typeof MergeInput>;

type Context = StepContext<MergeInput, unknown, LossWorld>;

const Chosen = z.object({ documents: z.number().int() });
const Written = z.object({ written: z.number().int() });
export const Merged = z.object({
  merged: z.number().int(),
  /** Somebody else wrote that id meanwhile: theirs stayed. */
  overtaken: z.number().int(),
});

const BATCH = 500;

const folderOf = (input: MergeInput, run: RequestId): string => keptFolder('divergent', input.receipt, 'merges', run);

/**
 * Puts lost writes back that were approved: chosen and kept, written, read back, noted in the receipt. Nothing is removed, and
 * nothing that is there is overwritten unless the lost one was to be taken. Every step may be done again.
 */
export const mergeWorkflow = defineWorkflow<LossWorld>()('merge', { input: MergeInput, exclusive: 'failover' })
  .step('choose', {
    output: Chosen,
    says: ({ receipt }) => ({ todo: `Choose from the loss of ${receipt}`, done: 'lost writes chosen and kept' }),
    // what is kept for this run stays as it is
    observe: async () => notYet,
    run: choose,
    timeoutMs: 600_000,
    retry: { times: 5, everyMs: 1_000 },
  })
  .step('write', {
    output: Written,
    says: () => ({ todo: 'Write them', done: 'written' }),
    // each is written only where nothing has its id, or in its very place
    observe: async () => notYet,
    run: write,
    timeoutMs: 600_000,
    retry: { times: 10, everyMs: 1_000 },
  })
  .step('prove', {
    output: Merged,
    says: () => ({ todo: 'Read them back', done: 'read back' }),
    tells: ({ merged, overtaken }) =>
      say`${counted(merged, 'lost write')} read back as written${overtaken > 0 ? `; ${overtaken} were written by others meanwhile and stayed theirs` : ''}.`,
    observe: async () => notYet,
    run: async (context) => {
      const { merged, all } = await readBack(context);
      return { merged: merged.length, overtaken: all - merged.length };
    },
    timeoutMs: 600_000,
    retry: { times: 10, everyMs: 1_000 },
  })
  .step('note', {
    output: z.object({ revision: z.number().int() }),
    says: ({ receipt }) => ({ todo: `Note it in the receipt of ${receipt}`, done: 'noted in the receipt' }),
    observe: async () => notYet,
    run: note,
    timeoutMs: 120_000,
    retry: { times: 10, everyMs: 1_000 },
  })
  .build({ forwardFrom: 'write' });

async function choose(context: Context): Promise<z.output<typeof Chosen>> {
  const { world, input, runId, signal } = context;
  const vault = await reachableVault(world.vault);
  const folder = folderOf(input, runId);
  const kept = await readKept(vault, folder);
  kept?.close();
  if (kept) return Chosen.parse(kept.content);
  const plan = await planMerge(world, input.receipt, input);
  if (plan.hash !== input.hash) {
    throw new DrError(
      'PREVIEW_VOID',
      'permanent',
      'What would be merged is not what was approved. Nothing was changed.',
      {
        hint: `Ask again: /dr merge ${input.receipt}`,
      },
    );
  }
  const chosen = toWrite(plan.writes, input).flatMap(({ write, fate, document }) =>
    document ? [{ namespace: write.namespace, id: write.id, document, fate }] : [],
  );
  await writeKept(vault, {
    ...{ folder, lock: lossLock(world), signal },
    write: async (part) => {
      for (const group of groupsOf(chosen)) await part(group);
      return { documents: chosen.length };
    },
  });
  return { documents: chosen.length };
}

type ToWrite = LostDocument & { readonly fate: string };

/** Documents of one collection and one way, behind one that says which. */
function* groupsOf(chosen: readonly ToWrite[]): Generator<Buffer> {
  for (const group of Map.groupBy(chosen, ({ namespace, fate }) => `${fate} ${namespace}`).values()) {
    for (let from = 0; from < group.length; from += BATCH) {
      const some = group.slice(from, from + BATCH);
      const head = rawDocument([
        ['namespace', rawString(some[0]?.namespace ?? '')],
        ['fate', rawString(some[0]?.fate ?? '')],
      ]);
      yield Buffer.concat([head, ...some.map(({ document }) => document)]);
    }
  }
}

async function* chosenIn(
  vault: Vault,
  folder: string,
): AsyncGenerator<{ namespace: string; fate: string; documents: Buffer[] }> {
  const kept = await readKept(vault, folder);
  if (!kept) throw new DrError('NOT_FOUND', 'transient', 'No region that answers has what was chosen.');
  try {
    for await (const part of kept.parts()) {
      const [head, ...documents] = [...documentsOf(part)].map((document) => Buffer.from(document));
      if (!head) continue;
      const fate = elementOf(head, 'fate');
      yield { namespace: stringOf(requiredElement(head, 'namespace')), fate: fate ? stringOf(fate) : '', documents };
    }
  } finally {
    kept.close();
  }
}

async function write(context: Context): Promise<z.output<typeof Written>> {
  const { world, input, runId, signal, report } = context;
  const vault = await reachableVault(world.vault);
  let written = 0;
  await using(world.openTarget, async (target) => {
    for await (const { namespace, fate, documents } of chosenIn(vault, folderOf(input, runId))) {
      signal.throwIfAborted();
      const at = placeOf(namespace);
      if (fate === 'conflict') {
        await target.apply(
          at,
          documents.map((document) => ({ kind: 'put', id: idOfDocument(document), document })),
        );
      } else await target.insert(at, documents);
      written += documents.length;
      report({ text: say`${formatCount(written)} lost writes written.` });
    }
  });
  return { written };
}

interface ReadBack {
  readonly all: number;
  readonly merged: readonly { readonly namespace: string; readonly id: string }[];
}

async function readBack({ world, input, runId, signal }: Context): Promise<ReadBack> {
  const vault = await reachableVault(world.vault);
  return using(world.openTarget, async (target) => {
    const merged: { namespace: string; id: string }[] = [];
    let all = 0;
    for await (const { namespace, documents } of chosenIn(vault, folderOf(input, runId))) {
      signal.throwIfAborted();
      const there = await findThere(target, namespace, documents.map(idOfDocument));
      all += documents.length;
      for (const document of documents) {
        const id = idText(idOfDocument(document));
        const now = there.get(id);
        if (!now) {
          throw new DrError('WRITE_LOST', 'transient', `${namespace} ${id} was written and is not there.`);
        }
        if (now.equals(document)) merged.push({ namespace, id });
      }
    }
    return { all, merged };
  });
}

async function note(context: Context): Promise<{ revision: number }> {
  const { world, input, runId, signal } = context;
  const { merged } = await readBack(context);
  const vault = await reachableVault(world.vault);
  const found = await readReceipt(world, input.receipt);
  if (!found) throw new DrError('NOT_FOUND', 'transient', `The receipt of ${input.receipt} is not to be read now.`);
  const missing = new MissingList(await readMissing(vault, found.receipt));
  const at = world.clock.now();
  for (const each of merged) missing.setBack(each, { how: 'merged', at, by: runId });
  const { signed: _, ...draft } = found.receipt;
  const receipt = await keepReceipt(world, draft, missing, signal);
  return { revision: receipt.revision };
}
