import type { Plan } from './plan.ts';

/** The sections of a plan that were understood: checks across sections skip what they cannot see. */
export type PlanSections = { readonly [Section in keyof Plan]?: Plan[Section] | undefined };
