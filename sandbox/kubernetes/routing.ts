import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Access, Tokens } from './access.ts';
import type { ObjectStore } from './object-store.ts';
import type { Rollout } from './rollout.ts';
import { badRequest } from './status.ts';

export type ApiServerOptions = {
  readonly region: string;
  readonly store: ObjectStore;
  readonly rollout: Rollout;
  readonly tokens: Tokens;
  readonly capacity: number;
};

/** What the routes share. */
export type Routing = ApiServerOptions & {
  /** Throws 401 or 403 unless the caller may. */
  allow(request: FastifyRequest, access: Access): void;
};

/** True when the caller only asks what would happen. @throws StatusError 400 for a value the API does not know */
export function isDryRun(request: FastifyRequest): boolean {
  const { dryRun } = z.object({ dryRun: z.union([z.string(), z.array(z.string())]).optional() }).parse(request.query);
  const values = [dryRun ?? []].flat();
  if (values.some((value) => value !== 'All')) throw badRequest('dryRun: Unsupported value: supported values: "All"');
  return values.length > 0;
}
