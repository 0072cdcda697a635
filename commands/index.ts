/** Everything a person can say. Help, the Slack manifest, the README's table and the terminal are made from this list. */
import { approvalsCommand } from './approvals.ts';
import { approveCommand } from './approve.ts';
import { backupCommand } from './backup.ts';
import { backupsCommand } from './backups.ts';
import { backupsHoldCommand } from './backups-hold.ts';
import { backupsReleaseCommand } from './backups-release.ts';
import { cancelCommand } from './cancel.ts';
import { catalogCommand } from './catalog.ts';
import { catalogRebuildCommand } from './catalog-rebuild.ts';
import { denyCommand } from './deny.ts';
import { failbackCommand } from './failback.ts';
import { failoverCommand } from './failover.ts';
import { healthCommand } from './health.ts';
import { helpCommand } from './help.ts';
import { holdCommand } from './hold.ts';
import { keysCommand } from './keys.ts';
import { keysRotateCommand } from './keys-rotate.ts';
import { maintenanceCommand } from './maintenance.ts';
import { maintenanceEndCommand } from './maintenance-end.ts';
import { oncallCommand } from './oncall.ts';
import { pruneCommand } from './prune.ts';
import { pruneDailyCommand } from './prune-daily.ts';
import { restoreCommand } from './restore.ts';
import { restoreSwapCommand } from './restore-swap.ts';
import { restoreUndoCommand } from './restore-undo.ts';
import { resumeCommand } from './resume.ts';
import { showCommand } from './show.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';
import { timelineCommand } from './timeline.ts';
import { unapproveCommand } from './unapprove.ts';
import { verifyCommand } from './verify.ts';
import { whoamiCommand } from './whoami.ts';

export const commands = [
  statusCommand,
  healthCommand,
  backupCommand,
  backupsCommand,
  backupsHoldCommand,
  backupsReleaseCommand,
  catalogCommand,
  catalogRebuildCommand,
  pruneCommand,
  pruneDailyCommand,
  verifyCommand,
  keysCommand,
  keysRotateCommand,
  restoreCommand,
  restoreSwapCommand,
  restoreUndoCommand,
  failoverCommand,
  failbackCommand,
  approvalsCommand,
  approveCommand,
  denyCommand,
  unapproveCommand,
  cancelCommand,
  holdCommand,
  resumeCommand,
  stopCommand,
  showCommand,
  timelineCommand,
  oncallCommand,
  maintenanceCommand,
  maintenanceEndCommand,
  whoamiCommand,
  helpCommand,
] as const;
