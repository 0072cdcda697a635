import { z } from 'zod';
import { DrError, RequestId } from '#core';

/** `R-42`, also typed as `r-42` or `42`. */
export const RequestArgument = z
  .string()
  .transform((typed) => (/^\d+$/.test(typed) ? `R-${typed}` : typed.toUpperCase()))
  .pipe(RequestId);

/** The error for a number nobody asked under. */
export const unknownRequest = (id: RequestId): DrError =>
  new DrError('REQUEST_UNKNOWN', 'user', `There is no ${id}.`, { hint: '/dr status lists what is open.' });
