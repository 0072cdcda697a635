import { memberAgents } from '#adapters/member-agent';
import type { Config } from '#config';
import type { Clock } from '#core';
import type { MemberHosts } from '#ports';

type Agents = Pick<Config, 'memberAgents' | 'memberAgentSecret' | 'memberAgentReadSecret'>;

/**
 * The machines of the database's members, through their agents; undefined where none is configured. Where only the secret for
 * questions is set, every order is refused. `uriOf` gives the connection string of a server that runs alone, at that address.
 * Nothing is asked of them yet.
 */
export function memberHostsOf(
  { memberAgents: agents, memberAgentSecret: orders, memberAgentReadSecret: questions = orders }: Agents,
  { clock, uriOf }: { readonly clock: Clock; readonly uriOf: (address: string) => string },
): MemberHosts | undefined {
  if (!agents || !questions) return undefined;
  return memberAgents({ agents, secrets: { orders: orders?.reveal(), questions: questions.reveal() }, clock, uriOf });
}
