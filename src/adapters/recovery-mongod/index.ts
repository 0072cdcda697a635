/** A mongod that Holdfast starts for one restore, on loopback, with a user of its own. */
export { openRecoveryServers, type RecoveryOptions } from './recovery-servers.ts';
