import { z } from 'zod';

/** `R-42`: a request and, once it starts, its run. One number for people, short enough for a bad phone line. */
export const RequestId = z
  .string()
  .regex(/^R-[1-9][0-9]{0,8}$/, 'a request looks like R-42')
  .brand<'RequestId'>();
export type RequestId = z.output<typeof RequestId>;

/** `INC-17`: an incident. */
export const IncidentId = z
  .string()
  .regex(/^INC-[1-9][0-9]{0,8}$/, 'an incident looks like INC-17')
  .brand<'IncidentId'>();
export type IncidentId = z.output<typeof IncidentId>;

/** `A-12`: an alarm, from when it was raised until it is over. */
export const AlarmId = z
  .string()
  .regex(/^A-[1-9][0-9]{0,8}$/, 'an alarm looks like A-12')
  .brand<'AlarmId'>();
export type AlarmId = z.output<typeof AlarmId>;

/** `OV-3`: somebody takes a role for a while, in place of whoever has it. */
export const OverrideId = z
  .string()
  .regex(/^OV-[1-9][0-9]{0,8}$/, 'an override looks like OV-3')
  .brand<'OverrideId'>();
export type OverrideId = z.output<typeof OverrideId>;

/** `M-3`: a maintenance window. */
export const MaintenanceId = z
  .string()
  .regex(/^M-[1-9][0-9]{0,8}$/, 'a maintenance window looks like M-3')
  .brand<'MaintenanceId'>();
export type MaintenanceId = z.output<typeof MaintenanceId>;

/** `B-1123-0800`: a backup, named by its UTC month, day and minute; a letter follows where one minute has several. */
export const BackupId = z
  .string()
  .regex(/^B-[0-9]{4}-[0-9]{4}[a-z]{0,2}$/, 'a backup looks like B-1123-0800')
  .brand<'BackupId'>();
export type BackupId = z.output<typeof BackupId>;

/** `john-smith`: a person of the plan's roster. Never an e-mail, never a Slack id. */
export const PersonId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,60}$/)
  .brand<'PersonId'>();
export type PersonId = z.output<typeof PersonId>;

/** `us-east-1`. Which regions exist is the plan's to say; this is only the form. */
export const Region = z
  .string()
  .regex(/^[a-z]{2}-[a-z]+-[0-9]$/, 'a region looks like us-east-1')
  .brand<'Region'>();
export type Region = z.output<typeof Region>;

/** `incident-commander`, `database-admin`: a role of the plan. */
export const Role = z
  .string()
  .regex(/^[a-z][a-z-]{0,40}$/)
  .brand<'Role'>();
export type Role = z.output<typeof Role>;

/** SHA-256 in hex. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Sha256'>();
export type Sha256 = z.output<typeof Sha256>;
