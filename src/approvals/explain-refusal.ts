import { at, bold, type PersonId, type Role, say, shortHash, type Text, unreachable } from '#core';
import { joinWords } from '#plan';
import type { ApprovalRoster } from './approval-roster.ts';
import type { ApprovalRequest } from './decide.ts';
import { missingSlots, needsOf } from './needs.ts';
import type { Refusal, RefusalAction, StepUpRefusal } from './refusal.ts';

/** What the sentences are about. */
export interface RefusalContext {
  readonly open: ApprovalRequest;
  readonly roster: ApprovalRoster;
  readonly told?: Told | undefined;
}

/** Who was told about a foreign button. Only to be given when it was done. */
export interface Told {
  readonly person: PersonId;
  readonly role: Role;
}

export interface ExplainedRefusal {
  readonly text: Text;
  readonly actions: readonly RefusalAction[];
}

/** Why a click did not count, for the person who clicked: what is missing, until when, what can be done. */
export function explainRefusal(refusal: Refusal, context: RefusalContext): ExplainedRefusal {
  const { open, roster } = context;
  const { request } = open;
  const none: readonly RefusalAction[] = [];
  switch (refusal.kind) {
    case 'self':
      return {
        text: say`${bold('Not counted.')} You asked for ${request}, so others must approve.${stillMissing(context)}${openUntil(open)} Nothing was changed.`,
        actions: ['remind', 'cancel'],
      };
    case 'no-role':
      return {
        text: say`You cannot approve ${request}: it needs ${neededRoles(context)}, and you ${rolesHad(refusal.roles, roster)}. Roles: /dr oncall. Nothing was changed.`,
        actions: none,
      };
    case 'role-already-given': {
      const { role, person, at: when } = refusal.given;
      return {
        text: say`${roster.title(role)} is already given (${roster.name(person)} ${at(when)}).${stillMissing(context)} Your click was not counted.`,
        actions: none,
      };
    }
    case 'one-person-two-roles':
      return {
        text: say`You already approved ${request} as ${roster.title(refusal.given.role)} at ${at(refusal.given.at)}. The second approval must be another person.`,
        actions: none,
      };
    case 'duplicate':
      return { text: say`Already counted: you approved ${request} at ${at(refusal.given.at)}.`, actions: none };
    case 'decided':
      return { text: sayDecided(refusal.standing, context), actions: ['open'] };
    case 'expired':
      return { text: say`${request} expired at ${at(refusal.at)}. Nothing was changed.`, actions: ['ask-again'] };
    case 'foreign-button':
      return { text: sayForeign(context), actions: none };
    case 'preview-changed':
      return {
        text: say`That card shows preview ${shortHash(refusal.shown)}; ${request} now stands at preview ${shortHash(refusal.current)}. Your click was not counted. Nothing was changed.`,
        actions: ['open'],
      };
    case 'unlinked':
      return {
        text: [
          'Your Slack account is not linked to anyone in the plan, so nothing you press counts. An Incident Commander adds it to plan.yaml: roster, people, slack_user.',
        ],
        actions: none,
      };
    case 'step-up-needed':
      return {
        text: say`One more proof: enter the code of your authenticator, within 5 min. It is for ${request} and you only.`,
        actions: ['confirm-me'],
      };
    case 'step-up-refused':
      return {
        text: say`${STEP_UP_REFUSED[refusal.why]} Your approval of ${request} was not counted.`,
        actions: refusal.why === 'not-enrolled' ? none : ['confirm-me'],
      };
    default:
      return unreachable(refusal);
  }
}

const STEP_UP_REFUSED: Readonly<Record<StepUpRefusal, string>> = {
  'wrong-code': 'That code is not right.',
  'code-used': 'That code was used already. Wait for the next one.',
  'not-enrolled': 'You have no authenticator enrolled. In a terminal: dr login --authenticator.',
  locked: 'Five wrong codes: locked for 5 min.',
};

/** ` Still missing: Database Admin (Alex Chen or David Kim).`, or nothing. */
function stillMissing({ open, roster }: RefusalContext): string {
  const needs = needsOf(open.policy, roster, open.requester);
  const missing = missingSlots(open.policy, open.approvals).flatMap(({ slot }) => needs[slot] ?? []);
  if (missing.length === 0) return '';
  const given = new Set(open.approvals.map(({ person }) => person));
  const clauses = missing.map(({ label, eligible }) => {
    const names = eligible.filter((person) => !given.has(person)).map((person) => roster.name(person));
    return names.length === 0 ? label : `${label} (${joinWords(names, 'or')})`;
  });
  return ` Still missing: ${clauses.join(', and ')}.`;
}

const openUntil = ({ standing }: ApprovalRequest): Text =>
  standing.kind === 'waiting' ? say` Open until ${at(standing.expiresAt)}.` : [];

const neededRoles = ({ open, roster }: RefusalContext): string =>
  joinWords(
    [...new Set(open.policy.needs.flatMap(({ anyOf }) => anyOf))].map((role) => roster.title(role)),
    'or',
  );

const rolesHad = (roles: readonly Role[], roster: ApprovalRoster): string =>
  roles.length === 0
    ? 'have no role in the plan'
    : `are ${joinWords(
        roles.map((role) => roster.title(role)),
        'and',
      )}`;

function sayDecided(
  standing: Extract<Refusal, { kind: 'decided' }>['standing'],
  { open: { request }, roster }: RefusalContext,
): Text {
  const { kind, at: when, by, progress } = standing;
  if (kind === 'approved') return say`${request} was approved at ${at(when)}${progress ? ` and ${progress}` : ''}.`;
  return say`${request} was ${kind} at ${at(when)}${by ? ` by ${roster.name(by)}` : ''}. Nothing was changed.`;
}

const sayForeign = ({ told, roster }: RefusalContext): Text => [
  'That button does not belong to this card. Nothing was changed. It was recorded',
  told ? `; ${roster.name(told.person)} (${roster.title(told.role)}) was told.` : '.',
];
