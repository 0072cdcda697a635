/** What a person can say, as data, and how a line is understood. */
export * from './define-command.ts';
export { type Parsed, parseCommand } from './parse-command.ts';
export * from './preview.ts';
