import { counted, formatDuration, type Text } from '#core';
import type { ReturnedMember } from '#failover';

/** `east-1:27017  SECONDARY, no vote, 0.3 s behind`, and below it what its machine says. */
export function memberLines({ host, state, votes, behindMs, machine, rollbackFiles }: ReturnedMember): Text[] {
  const behind = behindMs === undefined || state === 'primary' ? '' : `, ${formatDuration(behindMs)} behind`;
  const said = [
    ...(machine && machine.state !== 'running' ? [machine.state.toUpperCase()] : []),
    ...(machine && machine.crashes > 0 ? [`ended by itself ${counted(machine.crashes, 'time')}`] : []),
    ...(rollbackFiles ? [counted(rollbackFiles, 'rollback file')] : []),
  ];
  return [
    [`${host}  ${state.toUpperCase()}, ${votes > 0 ? 'votes' : 'no vote'}${behind}`],
    ...(said.length > 0 ? [[`  ${said.join(', ')}`] satisfies Text] : []),
  ];
}
