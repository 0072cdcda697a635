import { parentPort } from 'node:worker_threads';
import { collectBuffersYoung } from '#core';
import { type SealOrder, sealNow } from './sealer.ts';

const collect = collectBuffersYoung();

/** The other end of `threadedSealer`. The data key it is given stays in this process's memory. */
parentPort?.on('message', (order: SealOrder) => {
  try {
    const sealed = sealNow(order);
    parentPort?.postMessage({ sealed }, [sealed.object.buffer]);
    collect();
  } catch (error) {
    parentPort?.postMessage({ problem: error instanceof Error ? error.message : String(error) });
  }
});
