import { memoryMemberHosts } from '#adapters/memory';
import { Region } from '#core';
import { memberHostsContract, ROLLBACK_FILE } from '../../contract/member-hosts.contract.ts';

memberHostsContract('memory', async () => {
  const region = Region.parse('us-east-1');
  const names = ['east-1:27017', 'east-2:27017'] as const;
  const hosts = memoryMemberHosts(names.map((host) => ({ host, region })));
  return {
    hosts,
    names,
    setPower: async (on) => {
      for (const name of names) hosts.setPower(name, on);
    },
    crash: () => hosts.crash(names[0]),
    leaveRollbackFile: (bytes) => hosts.leaveRollbackFile(names[0], ROLLBACK_FILE, bytes),
    close: async () => undefined,
  };
});
