import type { Rule } from '#alarms';
import type { AlarmWorld } from './alarm-world.ts';
import { backupFailed, backupLate } from './backup-rules.ts';
import { captureLeaderless, regionBehind } from './capture-rules.ts';
import { oplogSmall, oplogWindow } from './oplog-rules.ts';
import { regionReady } from './readiness-rule.ts';
import { rpoFrozen, rpoHigh } from './rpo-rules.ts';
import { damageFound, keysOverdue, retentionFailed } from './vault-rules.ts';

const WHILE_CAPTURING = [rpoHigh, rpoFrozen, captureLeaderless, regionBehind, oplogWindow, oplogSmall];
const ALWAYS = [backupLate, backupFailed, damageFound, keysOverdue, retentionFailed, regionReady];

/** Everything that is watched. What capture is to do is no one's alarm where the plan has it switched off. */
export const alarmRules = (world: AlarmWorld): Rule[] =>
  [...(world.plan.mongodb.continuous.enabled ? WHILE_CAPTURING : []), ...ALWAYS].map((rule) => rule(world));
