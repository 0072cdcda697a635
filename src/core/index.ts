/**
 * Words used everywhere:
 * command: what a person says · request: one stored use of a command · preview: what a run would do, hashed ·
 * approval: consent of named roles to one preview · job: the queue's unit · run: one execution of a workflow ·
 * step: one journaled unit of a run · timeline entry: one fact of the record · vault: where backups live ·
 * backup: one manifest · segment: one encrypted object · fence: proof that the old side cannot take writes ·
 * drill: a rehearsed run.
 */
export * from './bson/index.ts';
export * from './canonical.ts';
export * from './clock.ts';
export * from './closest.ts';
export * from './coming-moment.ts';
export * from './error-codes.ts';
export * from './errors.ts';
export * from './format.ts';
export * from './garbage.ts';
export * from './gsm-text.ts';
export * from './ids.ts';
export * from './log.ts';
export * from './moment.ts';
export * from './random.ts';
export * from './repeat.ts';
export * from './text.ts';
export * from './turns.ts';
export * from './within.ts';
