/** The eight steps of the plan's failover, and the four of its failback; approvals are bound to these lists. */
export const FAILOVER_STEPS = [
  'validate-target',
  'stop-writes',
  'promote',
  'point-dns',
  'scale-services',
  'switch-configuration',
  'verify',
  'tell-stakeholders',
] as const;

/** Of a failover away from a region that is lost. */
export const UNPLANNED_STEPS = [
  'fence',
  'promote',
  'recover-tail',
  'open-writes',
  'divert-dns',
  'scale-services',
  'switch-configuration',
  'count-loss',
  'tell-stakeholders',
] as const;

/** Of the service in a cold region, from the vault alone. */
export const COLD_STEPS = [
  'fence-all',
  'found-database',
  'choose-point',
  'load-data',
  'prove-data',
  'name-data',
  'open-writes',
  'scale-services',
  'divert-dns',
  'switch-configuration',
  'count-loss',
  'tell-stakeholders',
] as const;

export const FAILBACK_STEPS = ['verify-region', 'sync', 'shift-traffic', 'complete'] as const;
