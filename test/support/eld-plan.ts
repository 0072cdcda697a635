import { parsePlan } from '#plan';
import { eldText } from '../plan/eld-plan.ts';

/** The plan at the root, read once. */
export const eldPlan = parsePlan(eldText, 'plan.yaml').plan;
