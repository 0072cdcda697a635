import type { HoldPoint } from '#workflow';

/** Before the first step: what was checked and approved would be old when it goes on. */
export const NOTHING_YET: HoldPoint = { not: 'nothing has begun there; ask when it may start' };

/** Between the fence and the moment the new region takes writes. */
export const NO_WRITES: HoldPoint = { not: 'no region takes writes there' };
