/** What a move, or the recovery of a lost region, asks of the servers themselves. */
export type Ability = 'block-writes' | 'move-primary' | 'change-members' | 'apply-oplog';

export interface Lack {
  readonly ability: Ability;
  /** Completes "can't ...": `stop users' writes`. */
  readonly words: string;
  /** `no setUserWriteBlockMode: MongoDB 6.0 has it`, `its user lacks the right replSetStateChange`. */
  readonly because: string;
}

/** What the servers are, and what of all that they can't do for us. */
export interface Abilities {
  /** As people call it: `MongoDB Community 6.0.5`. */
  readonly product: string;
  /** Empty when nothing is lacking. */
  readonly lacks: readonly Lack[];
}

/** What a planned move asks of them, and what leaving a lost region asks. */
export const PLANNED_NEEDS: readonly Ability[] = ['block-writes', 'move-primary', 'change-members'];
export const UNPLANNED_NEEDS: readonly Ability[] = [...PLANNED_NEEDS, 'apply-oplog'];

/** `MongoDB Atlas 7.0.14 can't stop users' writes (no ...)`, for each thing that is needed and lacking. */
export const lacksSaid = ({ product, lacks }: Abilities, needs: readonly Ability[]): string[] =>
  lacks
    .filter(({ ability }) => needs.includes(ability))
    .map(({ words, because }) => `${product} can't ${words} (${because})`);
