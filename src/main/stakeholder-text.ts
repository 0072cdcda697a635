import { at, bold, capital, formatDuration, say, type Text } from '#core';
import type { MoveReceipt } from '#failover';
import type { Plan } from '#plan';

/** What people outside the incident read: no host names, no steps; what it meant for them and that it is over. */
export function stakeholderText({ to, pauses, endedAt }: MoveReceipt, plan: Plan): Text {
  const longest = Math.max(0, ...pauses.map(({ ms }) => ms));
  return say`${bold('For stakeholders')}: ${plan.system.name} is served from ${to} since ${at(endedAt)}. ${capital(plan.system.users)} could not save for ${formatDuration(longest)}; nothing that was saved is lost.`;
}
