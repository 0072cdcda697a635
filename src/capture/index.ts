/**
 * Capture: the oplog of the protected system, durable in several regions seconds after it was written. Together with a
 * backup it gives every second since. The format is docs/vault-format.md.
 */
export { CaptureState, readCaptureState } from './capture-state.ts';
export type { CaptureEvent, CaptureSettings, CaptureWorld } from './capture-world.ts';
export { lookForCanaries, type RpoWorld, sendCanary } from './measure-rpo.ts';
export { type RpoNow, rpoNow } from './rpo-now.ts';
export { type RpoRecord, readRpo } from './rpo-record.ts';
export { runCapture } from './run-capture.ts';
export { takeLease } from './take-lease.ts';
