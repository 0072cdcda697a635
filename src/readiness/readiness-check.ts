import type { Region } from '#core';
import type { Answer, Readiness } from './readiness.ts';
import type { ReadinessWorld } from './readiness-world.ts';

/** The way users would go, and how: to a database that is there, or to one that is built from the vault when every other is lost. */
export interface Way {
  readonly how: Readiness['how'];
  readonly from: Region;
  readonly to: Region;
}

export type Found = Omit<Answer, 'check'>;

/** One thing that a failover depends on. */
export interface ReadinessCheck {
  /** As people read it: `database`. */
  readonly name: string;
  /** Changes nothing. What it throws is an answer too: that it could not be asked. */
  look(world: ReadinessWorld, way: Way): Promise<Found>;
}

export const ready = (words: Answer['words']): Found => ({ state: 'ready', words });
export const weak = (words: Answer['words'], next: string): Found => ({ state: 'weak', words, next });
export const notReady = (words: Answer['words'], next: string): Found => ({ state: 'not-ready', words, next });
