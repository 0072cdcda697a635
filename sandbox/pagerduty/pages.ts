import { z } from 'zod';

/** Pages as the classic pagination has them. */
export const Page = {
  limit: z.coerce.number().int().min(1).max(100).default(25),
  offset: z.coerce.number().int().min(0).default(0),
};

export const paged = <T>(name: string, all: readonly T[], { limit, offset }: { limit: number; offset: number }) => ({
  [name]: all.slice(offset, offset + limit),
  limit,
  offset,
  more: all.length > offset + limit,
  total: null,
});
