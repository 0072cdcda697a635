import type { SlackWorkspace } from '#sandbox/slack';
import type { Phones } from './phones.ts';
import type { World } from './world-schema.ts';

/** One command the composer completes. */
export interface CommandHint {
  /** What is put into the composer: `/dr backup mongodb`. */
  readonly command: string;
  /** With its arguments: `/dr backup <component>`. */
  readonly usage: string;
  readonly summary: string;
}

/** One thing to break, or (`mends`) the way to put all back. */
export interface Breaker {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly mends?: boolean;
}

export type TourStepId = 'back-up' | 'drop' | 'restore' | 'kill' | 'approve';

/** What the page shows beside the workspace. The sandbox's start passes it in; tests pass their own. */
export interface SandboxPageOptions {
  readonly slack: SlackWorkspace;
  /** 4000 by default; 0 takes a free port. */
  readonly port?: number;
  readonly commands: () => readonly CommandHint[];
  /** Reads the servers. Asked once a second while somebody looks. May reject: then the page says so. */
  readonly readWorld: () => Promise<World>;
  readonly breakers: readonly Breaker[];
  /** Breaks (or mends) something; resolves with a sentence for the page, or nothing. */
  readonly runBreaker: (id: string) => Promise<string | undefined>;
  /** What rings besides Slack; nothing when left out. */
  readonly phones?: Phones;
  /** The steps of the tour that really happened so far. */
  readonly tour: () => Promise<readonly TourStepId[]>;
  /** Who the page is at first; the first person when left out. */
  readonly startAs?: string;
}
