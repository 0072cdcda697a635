import { memberAgents } from '#adapters/member-agent';
import type { Config } from '#config';
import type { Clock } from '#core';
import type { MemberHosts } from '#ports';

/**
 * The machines of the database's members, through their agents; undefined where none is configured. `uriOf` gives the connection
 * string of a server that runs alone, at that address. Nothing is asked of them yet.
 */
export function memberHostsOf(
  { memberAgents: agents, memberAgentSecret: secret }: Pick<Config, 'memberAgents' | 'memberAgentSecret'>,
  { clock, uriOf }: { readonly clock: Clock; readonly uriOf: (address: string) => string },
): MemberHosts | undefined {
  return agents && secret ? memberAgents({ agents, secret: secret.reveal(), clock, uriOf }) : undefined;
}
