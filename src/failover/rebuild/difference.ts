import { z } from 'zod';

/** What is not alike on two members. */
export const Difference = z.object({ collection: z.string(), what: z.string() });
export type Difference = z.output<typeof Difference>;
