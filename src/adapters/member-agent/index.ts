/** The port of the members' machines over signed HTTP to small agents there. */
export { type MemberAgentsOptions, memberAgents } from './member-agents.ts';
