import { at, bold, capital, formatCount, formatDuration, say, type Text } from '#core';
import type { ColdReceipt, MoveReceipt, UnplannedReceipt } from '#failover';
import type { Plan } from '#plan';

/** What people outside the incident read: no host names, no steps; what it meant for them and that it is over. */
export function stakeholderText({ to, pauses, endedAt }: MoveReceipt, plan: Plan): Text {
  const longest = Math.max(0, ...pauses.map(({ ms }) => ms));
  return say`${bold('For stakeholders')}: ${plan.system.name} is served from ${to} since ${at(endedAt)}. ${capital(plan.system.users)} could not save for ${formatDuration(longest)}; nothing that was saved is lost.`;
}

/** The same after the loss of a region. What is not known yet is not promised. */
export function lossText({ to, from, counted: { loss }, openedAt }: UnplannedReceipt, plan: Plan): Text {
  const lost =
    loss.missing > 0
      ? `${formatCount(loss.missing)} saved records of ${formatDuration(loss.spanMs)} are missing; they are listed and looked for in ${from}`
      : loss.complete
        ? 'nothing that was saved is lost'
        : `nothing that was saved is known to be lost; ${from} is still to be read`;
  return say`${bold('For stakeholders')}: ${from} was lost. ${plan.system.name} is served from ${to}, ${plan.system.users} can save again since ${at(openedAt)}; ${lost}.`;
}

/** The same after the loss of every region that usually serves. */
export function coldText({ to, from, reachesAt, counted: { loss }, openedAt }: ColdReceipt, plan: Plan): Text {
  const lost =
    loss.missing > 0
      ? `${formatCount(loss.missing)} saved records of ${formatDuration(loss.spanMs)} are missing; they are listed`
      : 'nothing that was saved is known to be lost';
  const where = from.map(({ region }) => region).join(' and ');
  return say`${bold('For stakeholders')}: ${where} were lost. ${plan.system.name} is served from ${to}, with everything up to ${at(reachesAt)} out of the backups; ${plan.system.users} can save again since ${at(openedAt)}; ${lost}.`;
}
