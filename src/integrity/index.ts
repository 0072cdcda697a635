/** Whether what is in the vault can still be restored: read verify.workflow.ts first. */
export { type FoundLost, keepCapturedCheck, openCapturedChecks, readLost } from './captured-checks.ts';
export { CapturedFindings, type LostSeconds } from './captured-findings.ts';
export { lostText, nameOfCaptured, sayLost } from './captured-words.ts';
export { chooseBackups, Which } from './choose-backups.ts';
export { percentOfHours, readableHours } from './choose-hours.ts';
export { Finding, readAndHeal } from './read-and-heal.ts';
export { type CatalogWorld, RebuildInput, rebuildCatalogWorkflow } from './rebuild-catalog.workflow.ts';
export { type Findings, type IntegrityWorld, nameOf, VerifyInput, verifyWorkflow } from './verify.workflow.ts';
export { type CapturedWorld, verifyCaptured } from './verify-captured.ts';
