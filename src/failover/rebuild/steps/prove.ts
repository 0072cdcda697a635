import { z } from 'zod';
import { counted, DrError, formatBytes, formatCount, say } from '#core';
import { notYet } from '#workflow';
import { noteRebuilt } from '../../given-up.ts';
import { Difference } from '../difference.ts';
import { type CopyProof, proveCopy } from '../prove-copy.ts';
import { PATIENT, type Step } from './step.ts';

export const Proved = z.object({
  members: z.array(
    z.object({
      host: z.string(),
      collections: z.number().int(),
      documents: z.number().int(),
      bytes: z.number().int(),
      /** Collections that could not be compared while they are written, and why. */
      unproved: z.array(Difference),
    }),
  ),
  provedAt: z.date(),
});
export type Proved = z.output<typeof Proved>;

/** Step 5: collection by collection each is equal to the primary, and only then the region counts as rebuilt. */
export const prove: Step<unknown, Proved> = {
  output: Proved,
  says: ({ facts }) => ({ todo: `Prove them equal to ${facts.primary}`, done: `equal to ${facts.primary}` }),
  tells: ({ members }, { facts }) => {
    const [first] = members;
    const documents = formatCount(first?.documents ?? 0);
    return say`${counted(members.length, 'member')} equal to ${facts.primary}: ${documents} documents in ${counted(first?.collections ?? 0, 'collection')}, ${formatBytes(first?.bytes ?? 0)} each.`;
  },
  // Reads only, and only a fresh proof proves anything.
  observe: async () => notYet,
  run: async (context) => {
    const { world, input, runId } = context;
    const primary = await world.replicaSet.primary();
    const members: Proved['members'] = [];
    const differing: { host: string; proof: CopyProof }[] = [];
    for (const host of input.facts.members) {
      const proof = await proveCopy(context, host, primary);
      const { collections, documents, bytes, unproved } = proof;
      members.push({ host, collections, documents, bytes, unproved: [...unproved] });
      if (proof.differences.length > 0) differing.push({ host, proof });
    }
    if (differing.length > 0) throw differs(differing, primary, input.facts.region);
    const provedAt = await world.store.now();
    await noteRebuilt(world.givenUp, input.facts.region, runId, provedAt);
    return { members, provedAt };
  },
  ...PATIENT,
};

const SHOWN = 3;

function differs(found: readonly { host: string; proof: CopyProof }[], primary: string, region: string): DrError {
  const lines = found.flatMap(({ host, proof }) => proof.differences.map((each) => ({ host, ...each })));
  const shown = lines.slice(0, SHOWN).map(({ host, collection, what }) => `${host} ${collection}: ${what}`);
  const more = lines.length > SHOWN ? `; and ${lines.length - SHOWN} more` : '';
  return new DrError('COPY_DIFFERS', 'permanent', `Not equal to ${primary}: ${shown.join('; ')}${more}.`, {
    hint: `They follow without a vote and serve nobody. Copy them anew: /dr rebuild ${region} --wipe`,
    data: { differences: lines.slice(0, 100), count: lines.length },
  });
}
