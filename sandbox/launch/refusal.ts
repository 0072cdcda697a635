/** A reason not to start that the person can do something about: one sentence and the way out, no stack trace. */
export class Refusal extends Error {}
