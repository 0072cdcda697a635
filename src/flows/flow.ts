import type { ApprovalKeys, StepUp } from '#approvals';
import type { AnyCommand, Via } from '#chatops';
import type { Clock, DrError, IncidentId, Logger, PersonId, RandomBytes, RequestId, Sha256, Text } from '#core';
import type { IncidentsWorld } from '#incidents';
import type { Roster } from '#oncall';
import type { Plan } from '#plan';
import type { Card, ControlStore, Form, Readers, WakeQueue } from '#ports';
import type { Timeline } from '#record';
import type { AnyWorkflow, Journal, Locks, RunRecord } from '#workflow';
import type { Receipt } from './cards/request-view.ts';
import type { Asker, RequestRecord, Requests } from './request-record.ts';

/** A job as the flow needs it: how to start it, and how to show what it did. */
export interface StartableJob {
  readonly name: string;
  readonly workflow: AnyWorkflow<never>;
  /** What people read when it is done, from what its steps left. */
  readonly receipt: (run: RunRecord) => Receipt | undefined;
  /** A command line to be asked for in the asker's name when a run is done; undefined for none. */
  readonly followUp: (run: RunRecord) => string | undefined;
  /** One line on what the system's users notice now. */
  readonly nowLine: (run: RunRecord) => Text | undefined;
}

/** Everything the flows stand on. `World` is what commands act through; the flows only pass it on. */
export interface Flow<World> {
  readonly plan: Plan;
  readonly planHash: Sha256;
  readonly roster: Roster;
  readonly commands: readonly AnyCommand<World>[];
  readonly jobs: readonly StartableJob[];
  readonly world: World;
  readonly store: ControlStore;
  readonly requests: Requests;
  readonly journal: Journal;
  readonly locks: Locks;
  readonly timeline: Timeline;
  readonly incidents: IncidentsWorld;
  readonly wake: WakeQueue;
  readonly approvalKeys: ApprovalKeys;
  readonly stepUp: StepUp;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly logger: Logger;
}

/** Who is speaking, and from where, as far as that was proven. */
export interface Speaker extends Asker {
  readonly via: Via;
  readonly timeZone: string;
}

/** One command line, on its way through. */
export interface Asking {
  readonly line: string;
  readonly speaker: Speaker;
  /** The stored payload: the same one handled twice must have one effect. */
  readonly intake: string;
  /** The number given to it at the door, where its command needs one. */
  readonly request: RequestId | undefined;
  /** The incident it is asked for; its card says what waiting costs. */
  readonly incident?: IncidentId | undefined;
  /** The channel hears of it only when it goes wrong. */
  readonly quiet?: boolean;
}

/** How the flow answers whoever spoke. A later `say` replaces an earlier one. */
export interface Reply {
  /** To whoever asked, unless they want everybody in the channel to read it; a terminal has one reader only. */
  say(card: Card, readers?: Readers): Promise<void>;
  /** The same, for what was refused or went wrong. */
  refuse(error: DrError, card: Card): Promise<void>;
  /** Opens a form; undefined where there are none (terminal), or when the moment for it has passed. */
  readonly ask: ((form: Form) => Promise<void>) | undefined;
}

export const nameOf = (flow: { readonly roster: Roster }, person: PersonId): string => flow.roster.name(person);

export type { RequestRecord };
