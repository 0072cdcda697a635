import { runModel } from '../model/run-model.ts';
import type { SoakGround } from './ground.ts';

/** Each round has servers of its own: what is left of a round that failed stays for a look. */
export async function modelGround(points: number): Promise<SoakGround> {
  return {
    round: (random, note) => runModel({ random, points, note }),
    stop: async () => undefined,
  };
}
