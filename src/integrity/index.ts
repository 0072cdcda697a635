/** Whether what is in the vault can still be restored: read verify.workflow.ts first. */
export { chooseBackups, Which } from './choose-backups.ts';
export { Finding, readAndHeal } from './read-and-heal.ts';
export { type Findings, type IntegrityWorld, nameOf, VerifyInput, verifyWorkflow } from './verify.workflow.ts';
