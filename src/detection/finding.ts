import { z } from 'zod';
import { AlarmId, MaintenanceId, Region, Role, Text } from '#core';
import { CheckName, SeverityName } from '#plan';

/** Something that is wrong, is not known any more, or was wrong and is well again: what incidents are made of. */
export const Finding = z.object({
  /** What it is about; at most one finding a judgement has it: `region/us-east-1`, `application_response/us-west-2`. */
  key: z.string(),
  /** `region`: a region is down as a whole. `detectors`: it is about those who look. */
  check: z.union([CheckName, z.enum(['region', 'detectors'])]),
  region: Region.optional(),
  /** `unknown`: it was failing and can't be seen now, or somebody silenced it. It neither begins nor ends anything. */
  state: z.enum(['failing', 'well', 'unknown']),
  /** When the first failure was seen; for `well`, when it became well. */
  since: z.date(),
  severity: SeverityName,
  /** Who is called first. */
  role: Role,
  critical: z.boolean(),
  /** It reaches the thresholds of a failover: see judge/breach.ts. Never without `critical`. */
  breach: z.boolean(),
  /** From which regions it is seen failing now. */
  seenBy: z.array(Region),
  title: z.string(),
  cause: Text,
  effect: Text,
  /** The next safe command, as it is typed. */
  next: z.string(),
  /** Somebody may have done it on purpose: the Security Lead is asked. */
  hostile: z.boolean(),
  numbers: z.record(z.string(), z.number()),
  /** It comes and goes: it stays one finding until it is calm. */
  flapping: z.boolean(),
  /** The alarm that it was read from. */
  alarm: AlarmId.optional(),
  /** Another finding explains it, by its key, or the alarm that it was read from: nobody is called for it. */
  consequenceOf: z.string().optional(),
  /** The maintenance window that silences it. */
  silencedBy: MaintenanceId.optional(),
});
export type Finding = z.output<typeof Finding>;

/**
 * What incidents are to hear: what another finding or an alarm explains, or a maintenance window covers, neither opens nor closes one,
 * so its state is not told.
 */
export const told = (findings: readonly Finding[]): Finding[] =>
  findings.map((finding) =>
    finding.state === 'failing' && (finding.consequenceOf !== undefined || finding.silencedBy !== undefined)
      ? { ...finding, state: 'unknown', breach: false }
      : finding,
  );
