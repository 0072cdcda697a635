import type { Sha256 } from '#core';
import type { Damage, HealedCopy } from '../../backup-check.ts';
import type { CapturedHeader } from '../captured-file.ts';
import type { LostWhy } from '../lost.ts';

/** What reading one object in every region came to. */
export interface CheckedObject {
  readonly key: string;
  /** Of one copy; 0 when none is whole. */
  readonly bytes: number;
  /** Undefined when no region has it whole, and for keys, which are part of no chain. */
  readonly whole: { readonly header: CapturedHeader; readonly hash: Sha256 } | undefined;
  /** Why it is lost, when every region was read and none has it whole. */
  readonly why: LostWhy | undefined;
  /** What is still wrong. */
  readonly damage: readonly Damage[];
  readonly healed: readonly HealedCopy[];
}
