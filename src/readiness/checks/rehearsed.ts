import { at, say } from '#core';
import { type ReadinessCheck, ready, weak } from '../readiness-check.ts';

const DAY_MS = 86_400_000;
/** The plan tests a failover each quarter and a restore each week. */
const MOVE_DAYS = 100;
const PROOF_DAYS = 8;

/** It was done before, lately. Never done is a doubt, not a reason to refuse. */
export const rehearsed: ReadinessCheck = {
  name: 'rehearsed',
  look: async (world, { to }) => {
    const [now, move, proof] = await Promise.all([world.store.now(), world.lastMove(), world.lastProof()]);
    const isOld = (when: Date | undefined, days: number) =>
      when === undefined || now.getTime() - when.getTime() > days * DAY_MS;
    if (isOld(move, MOVE_DAYS)) {
      const when = move ? say`the last move is of ${at(move)}` : ['nobody ever moved it with Holdfast'];
      return weak(when, `/dr failover ${to} --dry-run`);
    }
    if (isOld(proof, PROOF_DAYS)) {
      const when = proof ? say`the last proved restore is of ${at(proof)}` : ['no restore was proved yet'];
      return weak(when, '/dr restore latest');
    }
    return ready(say`moved at ${at(move ?? now)}, restored and proved at ${at(proof ?? now)}`);
  },
};
