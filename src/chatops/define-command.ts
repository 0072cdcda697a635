import type { z } from 'zod';
import type { IncidentId, PersonId, RequestId } from '#core';
import type { Card, Form } from '#ports';
import type { Preview } from './preview.ts';

/** Who may ask. The plan's own list by name, everyone with a role, or everyone in the channel. */
export type AskRule =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'responders' }
  | { readonly kind: 'plan'; readonly rule: string };

/** Whose consent a run needs: none, or what plan.yaml says under this name. */
export type ApprovalRule = { readonly kind: 'none' } | { readonly kind: 'plan'; readonly policy: string };

/** When a command starts another job than its own: a flag was given, or the region that an argument names is a cold standby. */
export type JobWhen<Args> =
  | { readonly kind: 'flag'; readonly flag: keyof Args & string }
  | { readonly kind: 'cold-standby'; readonly region: keyof Args & string };

/** `with --unplanned`, as it stands behind a command's name. */
export const whenWords = (when: JobWhen<never>): string =>
  when.kind === 'flag' ? `with --${when.flag}` : 'to a cold standby';

/** Another job that a command starts, under rules of its own. */
export interface OtherJob<Args> {
  readonly when: JobWhen<Args>;
  readonly job: string;
  readonly role: AskRule;
  readonly approval: ApprovalRule;
}

/** Where somebody speaks: in Slack, in a terminal; or Holdfast itself, for the plan's calendar or for an incident. */
export const VIAS = ['slack', 'terminal', 'schedule', 'incident'] as const;
export type Via = (typeof VIAS)[number];

/** Who asked, from where, and when. */
export interface Asked {
  /** Undefined for somebody who is not on the roster. */
  readonly person: PersonId | undefined;
  readonly name: string;
  readonly via: Via;
  readonly at: Date;
  readonly timeZone: string;
  /** The stored payload it came with: the same one handled twice must have one effect. */
  readonly intake: string;
  /** The incident in whose thread it was said. */
  readonly incident: IncidentId | undefined;
  /** The number of this request, for commands that have one. */
  readonly request: RequestId | undefined;
  /** The facts of the preview that was shown before, when this one is made anew: equals are chosen as they were. */
  readonly approved?: Preview['facts'] | undefined;
}

export const HELP_GROUPS = ['Now', 'Get data back', 'Move', 'Back up', 'People', 'Look', 'Stop', 'Set up'] as const;

/** What a command does: answers at once, or makes a preview that a run follows. */
export type Does<Args, World> =
  | { readonly kind: 'answers'; readonly answer: (args: Args, asked: Asked, world: World) => Promise<Card> }
  | { readonly kind: 'runs'; readonly preview: (args: Args, asked: Asked, world: World) => Promise<Preview> };

/** One thing a person can say, as data. Help, the Slack manifest, the README's table and the terminal are made from it. */
export interface Command<Args, World> {
  readonly name: string;
  readonly summary: string;
  /** After the name: `<region> [--reason "..."]`. */
  readonly usage: string;
  readonly group: (typeof HELP_GROUPS)[number];
  /** Its lines in `/dr help`, as somebody types them at 3 a.m.; a command without any is only named there. */
  readonly inHelp?: readonly string[];
  readonly examples: readonly string[];
  /** An object, so that its members' names are the flags. */
  readonly args: z.ZodType<Args> & { readonly shape: Readonly<Record<string, unknown>> };
  /** Names of the arguments without a flag, in order. */
  readonly words: readonly (keyof Args & string)[];
  /** Flags without a value. */
  readonly switches: readonly (keyof Args & string)[];
  /** The switch without which it only shows what it would do. */
  readonly dryUnless?: keyof Args & string;
  readonly role: AskRule;
  readonly approval: ApprovalRule;
  /** Jobs besides its own, the first that fits counts; one that is not listed it never starts. */
  readonly otherJobs?: readonly OtherJob<Args>[];
  readonly does: Does<Args, World>;
  /** Asks for what is missing, in Slack; without it the person reads what is missing. */
  readonly form?: (given: Readonly<Record<string, unknown>>, world: World) => Promise<Form>;
}

/** A command whose arguments' type is known only inside: what lists hold. */
// biome-ignore lint/suspicious/noExplicitAny: each command proves its own types; the list only calls them with what its own schema parsed.
export type AnyCommand<World> = Command<any, World>;

/** Checks a command's types where it is written. `role` and `approval` have no default: "none" is written out. */
export const defineCommand =
  <World>() =>
  <Args>(command: Command<Args, World>): Command<Args, World> =>
    command;
