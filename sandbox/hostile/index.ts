/** A service that is sick: answers that are late, endless, garbage or missing. For doubles, so that clients meet them. */
export { SickAnswers } from './sick-answers.ts';
export { Sickness, type SicknessInput } from './sickness.ts';
