/**
 * Read first. command-flow.ts: parse > authorise > preview > approve > enqueue > record. intake.ts: how a payload is
 * kept before it is acknowledged. recheck.ts: what a worker believes. Everything else is one step of these.
 */

export { alarmCard } from './alarms/alarm-card.ts';
export { alarmRules } from './alarms/alarm-rules.ts';
export { type AlarmWorld, WATCH } from './alarms/alarm-world.ts';
export { dueChanges, dueFull, fullTimes } from './alarms/due-backup.ts';
export { windowLeftMs } from './alarms/oplog-rules.ts';
export { askOnSchedule } from './ask-by-itself.ts';
export { backupPreview } from './backups/backup-preview.ts';
export { backupReceipt } from './backups/backup-receipt.ts';
export { backupsCard } from './backups/backups-card.ts';
export { whyItBegins } from './backups/capture-words.ts';
export { lookAtCaptured } from './backups/captured-reach.ts';
export { windowCard } from './backups/window-card.ts';
export { cancel } from './cancel-request.ts';
export { helpCard, helpForCommand } from './cards/help-card.ts';
export { approvalsCard, detailsCard, timelineCard, verifyCard } from './cards/looking-cards.ts';
export { requestCard } from './cards/request-card.ts';
export type { Receipt, RequestView, SlotView } from './cards/request-view.ts';
export { catalogCard } from './catalog/catalog-card.ts';
export { compareQuietly } from './catalog/compare-quietly.ts';
export { rebuildPreview } from './catalog/rebuild-preview.ts';
export { rebuildReceipt } from './catalog/rebuild-receipt.ts';
export { commandFlow } from './command-flow.ts';
export { approve, type Decider, deny, unapprove } from './decide-request.ts';
export { dispatch, speakerOf } from './dispatch.ts';
export type { DispatchDeps } from './dispatch-deps.ts';
export { errorCard, plain } from './errors-to-card.ts';
export type { Asking, Flow, Reply, Speaker, StartableJob } from './flow.ts';
export { type HealthSeen, healthCard, healthCardOf } from './health/health-card.ts';
export { chartLine } from './health/history-lines.ts';
export { beginMaintenanceCard, endMaintenanceCard, maintenanceCard } from './health/maintenance-card.ts';
export { sparkLine } from './health/spark-line.ts';
export { holdLater } from './hold-later.ts';
export type { HoldfastWorld } from './holdfast-world.ts';
export {
  ackIncident,
  passIncidentOn,
} from './incidents/acts/acknowledging.ts';
export { assignRole, handOverRole, pageMore, pageMyself } from './incidents/acts/calling-people.ts';
export { setSeverity } from './incidents/acts/changing-severity.ts';
export { mergeIncidents, reopenIncident, resolveIncident } from './incidents/acts/ending.ts';
export { openBySaying } from './incidents/acts/opening.ts';
export { sayUpdate } from './incidents/acts/updating.ts';
export { isToldAsAlarm } from './incidents/alarm-severity.ts';
export { incidentCard } from './incidents/incident-card.ts';
export {
  type IncidentFlow,
  incidentDuties,
  type Recurring,
  takeAlarms,
  takeFindings,
} from './incidents/incident-flow.ts';
export { openIncidentForm } from './incidents/incident-forms.ts';
export type { IncidentView } from './incidents/incident-view.ts';
export { isUnderWay } from './incidents/is-under-way.ts';
export { createIncidentLinks } from './incidents/link-to-thread.ts';
export { createIncidentCards } from './incidents/live-card.ts';
export { catchUpCard, incidentsCard, showIncident } from './incidents/looking.ts';
export type { Finding } from './incidents/signal.ts';
export { createIntake, IntakeRecord, openIntakes } from './intake.ts';
export { keysCard } from './keys/keys-card.ts';
export { rotatePreview } from './keys/rotate-preview.ts';
export { rotateReceipt } from './keys/rotate-receipt.ts';
export { mergePreview } from './losses/merge-preview.ts';
export { mergeReceipt } from './losses/merge-receipt.ts';
export { receiptCard } from './losses/receipt-card.ts';
export { askedCold, coldPreview } from './moves/cold-preview.ts';
export { coldNowLine, coldReceipt } from './moves/cold-receipt.ts';
export { commitMove } from './moves/commit-move.ts';
export { failoverForm } from './moves/failover-form.ts';
export { failoverSettings } from './moves/failover-settings.ts';
export { membersCard } from './moves/members-card.ts';
export { failbackPreview, failoverPreview } from './moves/move-preview.ts';
export { moveNowLine, moveReceipt } from './moves/move-receipt.ts';
export { regionRebuildPreview } from './moves/rebuild-preview.ts';
export { regionRebuildReceipt } from './moves/rebuild-receipt.ts';
export { sweepLeftovers } from './moves/sweep-leftovers.ts';
export { missingPart, unplannedPreview } from './moves/unplanned-preview.ts';
export { unplannedNowLine, unplannedReceipt } from './moves/unplanned-receipt.ts';
export type { DutyWorld } from './oncall/duty-words.ts';
export { gapsCard } from './oncall/gaps-card.ts';
export { nextCard } from './oncall/next-card.ts';
export { oncallCard } from './oncall/oncall-card.ts';
export { swapTurns } from './oncall/swap-turns.ts';
export { takeBack } from './oncall/take-back.ts';
export { type TakeCalendar, takeCalendar } from './oncall/take-calendar.ts';
export { takeOver } from './oncall/take-over.ts';
export { applicationPlaybook } from './playbooks/application-playbook.ts';
export { databasePlaybook } from './playbooks/database-playbook.ts';
export { cardOfPlaybook, playbookCard } from './playbooks/playbook-card.ts';
export { holdPreview, releasePreview } from './prunes/holding-preview.ts';
export { holdingReceipt } from './prunes/holding-receipt.ts';
export { pruneDailyPreview, prunePreview } from './prunes/prune-preview.ts';
export { pruneReceipt } from './prunes/prune-receipt.ts';
export { retentionOf } from './prunes/retention-of.ts';
export { runsInUse } from './prunes/runs-in-use.ts';
export { readinessCard } from './readiness/readiness-card.ts';
export { readinessWorld } from './readiness/readiness-world.ts';
export { recheck } from './recheck.ts';
export { openRequests, type RequestRecord, type Requests } from './request-record.ts';
export { CHANGES_FROM } from './restores/began-to-change.ts';
export { chooseMoment, momentLines } from './restores/choose-moment.ts';
export { choosePoint } from './restores/choose-point.ts';
export { coldLines } from './restores/cold-lines.ts';
export { dropReplaced } from './restores/drop-replaced.ts';
export { momentBefore } from './restores/moment-before.ts';
export { namespacesOf } from './restores/name-choice.ts';
export { newNames, refuseForbidden } from './restores/new-names.ts';
export { restoreAsPreview } from './restores/restore-as-preview.ts';
export { restoreOnPreview } from './restores/restore-on-preview.ts';
export { restorePreview } from './restores/restore-preview.ts';
export { restoreAsReceipt, restoreOnReceipt, restoreReceipt, swapReceipt } from './restores/restore-receipt.ts';
export { restoreStopPreview, restoreStopReceipt } from './restores/restore-stop.ts';
export { swapPreview, undoPreview } from './restores/swap-preview.ts';
export { sweepRecovery } from './restores/sweep-recovery.ts';
export { type Listening, sweepStarts } from './starts/sweep-starts.ts';
export { startsRun } from './starts-run.ts';
export { type Fact, factWithin } from './status/fact.ts';
export type { Surroundings } from './status/look-around.ts';
export { cardOf, statusCard } from './status/status-card.ts';
export { goOn, hold, stop } from './steer-run.ts';
export { sweepRequests } from './sweep-requests.ts';
export { tellRun } from './tell-run.ts';
export { verifyPreview } from './verifies/verify-preview.ts';
export { verifyReceipt } from './verifies/verify-receipt.ts';
export { viewOf } from './view-of.ts';
