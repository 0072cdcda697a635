import { z } from 'zod';
import { Region, say } from '#core';
import { notYet, type StepDefinition } from '#workflow';
import type { MoveFacts } from '../facts.ts';
import { configurationDiffers, configureRegions, servingRegions } from '../services.ts';
import type { FailoverWorld } from '../world.ts';

export const ConfigurationSwitched = z.object({ written: z.array(Region), unreachable: z.array(Region) });
export type ConfigurationSwitched = z.output<typeof ConfigurationSwitched>;

/** Which region is the active one, and where drivers' files go, for the application in every region. */
export const switchConfiguration: StepDefinition<
  { readonly facts: Pick<MoveFacts, 'to' | 'configurationAfter'> },
  unknown,
  ConfigurationSwitched,
  FailoverWorld
> = {
  output: ConfigurationSwitched,
  says: ({ facts }) => ({ todo: 'Switch application configuration', done: `configuration says ${facts.to}` }),
  tells: ({ written, unreachable }, { facts }) => {
    const missed = unreachable.length > 0 ? ` Not reached: ${unreachable.join(', ')}.` : '';
    return say`Configuration says ${facts.to} in ${written.join(', ')}.${missed}`;
  },
  observe: async ({ world, input: { facts } }) => {
    const differs = await configurationDiffers(world, facts.configurationAfter);
    return differs.length === 0
      ? { happened: true, output: { written: servingRegions(world), unreachable: [] } }
      : notYet;
  },
  run: async (context) => configureRegions(context, context.input.facts.to, context.input.facts.configurationAfter),
  timeoutMs: 60_000,
  retry: { times: 5, everyMs: 2_000 },
};
