export { press, type Surface } from './click.ts';
export type { FieldValue, FieldValues } from './input-state.ts';
export type { Outcome } from './outcome.ts';
export { tell } from './outcome.ts';
export { shortcut } from './shortcut.ts';
export { slash } from './slash.ts';
export { closeView, submitView } from './view.ts';
