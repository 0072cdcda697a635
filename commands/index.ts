/** Everything a person can say. Help, the Slack manifest, the README's table and the terminal are made from this list. */
import { ackCommand } from './ack.ts';
import { approvalsCommand } from './approvals.ts';
import { approveCommand } from './approve.ts';
import { backupCommand } from './backup.ts';
import { backupsCommand } from './backups.ts';
import { backupsHoldCommand } from './backups-hold.ts';
import { backupsReleaseCommand } from './backups-release.ts';
import { cancelCommand } from './cancel.ts';
import { catalogCommand } from './catalog.ts';
import { catalogRebuildCommand } from './catalog-rebuild.ts';
import { commitCommand } from './commit.ts';
import { denyCommand } from './deny.ts';
import { failbackCommand } from './failback.ts';
import { failoverCommand } from './failover.ts';
import { healthCommand } from './health.ts';
import { helpCommand } from './help.ts';
import { holdCommand } from './hold.ts';
import { incidentCommand } from './incident.ts';
import { incidentAssignCommand } from './incident-assign.ts';
import { incidentCatchUpCommand } from './incident-catch-up.ts';
import { incidentHandOverCommand } from './incident-hand-over.ts';
import { incidentMergeCommand } from './incident-merge.ts';
import { incidentOpenCommand } from './incident-open.ts';
import { incidentPassOnCommand } from './incident-pass-on.ts';
import { incidentReopenCommand } from './incident-reopen.ts';
import { incidentResolveCommand } from './incident-resolve.ts';
import { incidentSevCommand } from './incident-sev.ts';
import { incidentShowCommand } from './incident-show.ts';
import { incidentUpdateCommand } from './incident-update.ts';
import { keysCommand } from './keys.ts';
import { keysRotateCommand } from './keys-rotate.ts';
import { maintenanceCommand } from './maintenance.ts';
import { maintenanceEndCommand } from './maintenance-end.ts';
import { membersCommand } from './members.ts';
import { mergeCommand } from './merge.ts';
import { oncallCommand } from './oncall.ts';
import { oncallCancelCommand } from './oncall-cancel.ts';
import { oncallGapsCommand } from './oncall-gaps.ts';
import { oncallNextCommand } from './oncall-next.ts';
import { oncallOverrideCommand } from './oncall-override.ts';
import { oncallSwapCommand } from './oncall-swap.ts';
import { pageCommand } from './page.ts';
import { pageTestCommand } from './page-test.ts';
import { playbookCommand } from './playbook.ts';
import { pruneCommand } from './prune.ts';
import { pruneDailyCommand } from './prune-daily.ts';
import { readinessCommand } from './readiness.ts';
import { rebuildCommand } from './rebuild.ts';
import { receiptCommand } from './receipt.ts';
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
  ackCommand,
  incidentCommand,
  incidentOpenCommand,
  incidentShowCommand,
  incidentCatchUpCommand,
  incidentSevCommand,
  incidentAssignCommand,
  incidentHandOverCommand,
  incidentPassOnCommand,
  incidentUpdateCommand,
  incidentResolveCommand,
  incidentReopenCommand,
  incidentMergeCommand,
  pageCommand,
  pageTestCommand,
  playbookCommand,
  healthCommand,
  readinessCommand,
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
  commitCommand,
  receiptCommand,
  mergeCommand,
  rebuildCommand,
  membersCommand,
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
  oncallNextCommand,
  oncallGapsCommand,
  oncallOverrideCommand,
  oncallSwapCommand,
  oncallCancelCommand,
  maintenanceCommand,
  maintenanceEndCommand,
  whoamiCommand,
  helpCommand,
] as const;
