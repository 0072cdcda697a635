export type MemberSpec = {
  /** Short and speakable: `east-1`. */
  readonly name: string;
  readonly region: string;
  readonly priority: number;
  /** 1 unless given. */
  readonly votes?: 0 | 1;
};

export type ReplicaSettings = {
  readonly heartbeatIntervalMillis?: number;
  readonly electionTimeoutMillis?: number;
  readonly catchUpTimeoutMillis?: number;
  readonly chainingAllowed?: boolean;
};

/** The first config of a replica set: members in the order given, tagged with region and name. */
export function replicaConfig(
  name: string,
  members: readonly (MemberSpec & { readonly host: string })[],
  settings: ReplicaSettings,
) {
  return {
    _id: name,
    version: 1,
    members: members.map((member, _id) => ({
      _id,
      host: member.host,
      priority: member.priority,
      votes: member.votes ?? 1,
      tags: { region: member.region, name: member.name },
    })),
    // 500 ms instead of 2 s: each step of a planned failover waits about one heartbeat.
    // No copying from one another: where a member copies from one that freezes, majority writes stand still for seconds.
    settings: { heartbeatIntervalMillis: 500, chainingAllowed: false, ...settings },
  };
}
