/**
 * How the control store's replica set is to be set up, so that a dead or frozen primary costs seconds. Measured with
 * three members and writers that never paused: SIGKILL 3.0 s, SIGSTOP 5.6 s until writes were acknowledged again; with
 * the defaults a SIGSTOP cost more than 10 s, because the members went on waiting for the frozen one.
 */
export const CONTROL_SET = {
  settings: {
    electionTimeoutMillis: 2000,
    heartbeatIntervalMillis: 500,
    // A new primary has every write that a majority acknowledged; waiting for a dead one's others gains nothing.
    catchUpTimeoutMillis: 0,
  },
  // Only at start. How long, beyond the usual second, a follower waits for a silent sync source (5 by default).
  setParameters: { oplogNetworkTimeoutBufferSeconds: 1 },
} as const;
