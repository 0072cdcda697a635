import type { RequestId } from '#core';
import type { OpTime } from '#ports';
import { lookAtTail } from './look-at-tail.ts';
import { recoverTail, type TailWork } from './recover-tail.ts';
import { saveTail } from './save-tail.ts';
import type { TailWorld } from './tail-world.ts';

/** What a survivor lacks and the vault has, for a failover that nobody planned. */
export const vaultTail = (world: TailWorld) => ({
  look: (survivor: OpTime, host?: string) => lookAtTail(world, survivor, host),
  save: (run: RequestId, host: string) => saveTail(world, run, host),
  recover: (run: RequestId, survivor: OpTime, work: TailWork) => recoverTail(world, run, survivor, work),
});
