import { z } from 'zod';
import { Region, say } from '#core';
import { notYet } from '#workflow';
import { configureRegions } from '../../services.ts';
import type { ColdContext, ColdStep } from '../step.ts';

export const ColdConfigured = z.object({ written: z.array(Region), unreachable: z.array(Region) });
export type ColdConfigured = z.output<typeof ColdConfigured>;

/** Step 10: the application is told which region serves, there first, and wherever else it can be reached. */
export const configureCold: ColdStep<unknown, ColdConfigured> = {
  output: ColdConfigured,
  says: ({ facts }) => ({ todo: 'Switch application configuration', done: `configuration says ${facts.to}` }),
  tells: ({ written, unreachable }, { facts }) => {
    const missed = unreachable.length > 0 ? ` Not reached: ${unreachable.join(', ')}.` : '';
    return say`Configuration says ${facts.to} in ${written.join(', ')}.${missed}`;
  },
  observe: async () => notYet,
  run: async (context: ColdContext) => {
    const { to, configurationAfter } = context.input.facts;
    await context.world.clusters.configure(to, configurationAfter);
    const others = await configureRegions(context, to, configurationAfter);
    return { written: [to, ...others.written], unreachable: others.unreachable };
  },
  timeoutMs: 60_000,
  retry: { times: 5, everyMs: 2_000 },
};
