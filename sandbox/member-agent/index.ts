/** The agent on the machines of the database's members: a double that handles this machine's real mongods. */
export { type ColdMachine, coldMongod } from './cold-mongod.ts';
export { managedMongod } from './managed-mongod.ts';
export type { ManagedServer, ServerEnd } from './managed-server.ts';
export { type AgentOptions, type MemberAgent, startMemberAgent } from './start-agent.ts';
