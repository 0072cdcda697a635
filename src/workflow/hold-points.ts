import { closest, DrError } from '#core';
import type { AnyWorkflow } from './define-workflow.ts';

/** One step as people name it: by its number, its name, or words of what it does. */
export interface NamedStep {
  readonly name: string;
  /** Counted from 1. */
  readonly position: number;
  readonly todo: string;
}

/**
 * The step that was meant, before which a run of this workflow may hold by itself. Throws ARGUMENTS_INVALID (user) with the safe
 * ones: for words that name no step or several, and for a step before which it is no good to wait.
 */
export function holdPointNamed(typed: string, workflow: AnyWorkflow<never>, input: unknown): NamedStep {
  const steps = workflow.steps.map(({ name, says }, index) => ({
    name,
    position: index + 1,
    todo: says(input).todo,
  }));
  const { holdPoints } = workflow;
  if (!holdPoints)
    throw refusal(`A ${workflow.name} has no hold points.`, [], 'it can be held while it runs: /dr hold');
  const safe = steps.filter(({ name }) => holdPoints[name] === 'safe');
  const meant = stepsMeant(typed, steps);
  const [step, another] = meant;
  const shown = typed.length > 40 ? `${typed.slice(0, 37)}...` : typed;
  if (!step) {
    const near = closest(
      typed,
      steps.map(({ name }) => name),
    );
    throw refusal(`No step is called "${shown}".${near ? ` Did you mean ${near}?` : ''}`, safe);
  }
  if (another) throw refusal(`"${shown}" may be ${meant.map(({ name }) => name).join(' or ')}.`, safe);
  const point = holdPoints[step.name];
  if (point === 'safe') return step;
  const near = nearest(step, safe).map(({ name }) => name);
  const instead = near.length > 0 ? ` The nearest safe ones: before ${near.join(', or before ')}.` : '';
  throw refusal(`It can not hold before step ${step.position}, ${step.name}: ${point?.not}.${instead}`, safe);
}

/** A number or a name means one step; other words mean every step that has them all. */
function stepsMeant(typed: string, steps: readonly NamedStep[]): NamedStep[] {
  const words = wordsOf(typed);
  const exact = steps.find(
    ({ name, position }) => wordsOf(name).join(' ') === words.join(' ') || String(position) === typed,
  );
  if (exact) return [exact];
  if (words.length === 0) return [];
  return steps.filter(({ name, todo }) => {
    const own = [...wordsOf(name), ...wordsOf(todo)];
    return words.every((word) => own.includes(word));
  });
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

/** The last safe one before it, and the first after it. */
const nearest = ({ position }: NamedStep, safe: readonly NamedStep[]): NamedStep[] =>
  [safe.findLast((each) => each.position < position), safe.find((each) => each.position > position)].flatMap(
    (each) => each ?? [],
  );

function refusal(message: string, safe: readonly NamedStep[], hint?: string): DrError {
  const list = safe.map(({ name, position }) => `${position} ${name}`).join(', ');
  return new DrError('ARGUMENTS_INVALID', 'user', `${message} Nothing was changed.`, {
    hint: hint ?? `--hold-at one of: ${list}`,
    data: { safe: safe.map(({ name }) => name) },
  });
}
