import { hashOf, type Sha256 } from '#core';
import type { Plan } from './plan.ts';

/** The hash that runs and approvals record: of the plan's meaning, so a comment more does not void an approval. */
export const planHash = (plan: Plan): Sha256 => hashOf(plan);
