/** The durable step primitive: a workflow is a list of steps, a run its journaled execution. */
export * from './define-workflow.ts';
