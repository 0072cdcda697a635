import { z } from 'zod';
import { IncidentId } from '#core';

/** `INC-17`, also typed as `inc-17` or `17`. */
export const IncidentArgument = z
  .string()
  .transform((typed) => (/^\d+$/.test(typed) ? `INC-${typed}` : typed.toUpperCase()))
  .pipe(IncidentId);

/** `1`, `sev-1`, `Sev-1`. */
export const SeverityArgument = z
  .string()
  .regex(/^(sev-?)?[123]$/i, 'a severity is 1, 2 or 3')
  .transform((typed) => `sev-${typed.slice(-1)}` as 'sev-1' | 'sev-2' | 'sev-3');
