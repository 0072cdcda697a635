import { approvers } from './checks/approvers.ts';
import { backup } from './checks/backup.ts';
import { capacity } from './checks/capacity.ts';
import { database } from './checks/database.ts';
import { dnsRecords } from './checks/dns-records.ts';
import { dnsSwitch } from './checks/dns-switch.ts';
import { fence } from './checks/fence.ts';
import { keys } from './checks/keys.ts';
import { loss } from './checks/loss.ts';
import { machine } from './checks/machine.ts';
import { rebuilt } from './checks/rebuilt.ts';
import { rehearsed } from './checks/rehearsed.ts';
import { servers } from './checks/servers.ts';
import { services } from './checks/services.ts';
import { watched } from './checks/watched.ts';
import type { ReadinessCheck, Way } from './readiness-check.ts';

/** Everything that is looked at, in the order in which people read it. */
export const readinessChecks: Readonly<Record<Way['how'], readonly ReadinessCheck[]>> = {
  move: [
    ...[database, servers, rebuilt, services, capacity],
    ...[dnsRecords, dnsSwitch, fence, loss],
    ...[backup, watched, keys],
    ...[approvers, rehearsed],
  ],
  // there is no database there yet, and no service runs
  build: [machine, capacity, dnsRecords, fence, backup, watched, keys, approvers],
};
