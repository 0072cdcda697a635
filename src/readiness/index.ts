/**
 * Whether a region could take over, asked before anybody needs it: each check in checks/ looks at one thing that a failover
 * depends on, and what is missing is said with the next command.
 */
export { readinessChecks } from './checks.ts';
export { evaluateReadiness } from './evaluate.ts';
export { type Answer, Readiness, reasonsOf, scoreOf } from './readiness.ts';
export { currentReadiness, keepReadiness, readReadiness } from './readiness-records.ts';
export type { ReadinessWorld } from './readiness-world.ts';
