import type { Chat } from '#ports';
import type { Flow, Speaker } from './flow.ts';
import type { IntakeRecord } from './intake.ts';

/** What handling a payload from the chat needs beside the flow. */
export interface DispatchDeps<World> {
  readonly flow: Flow<World>;
  readonly chat: Chat;
  /** Whether this message is the present card of that request. */
  readonly isCardOf: (request: string, ts: string) => Promise<boolean>;
  /** Keeps what people write, edit and delete in a request's thread. */
  readonly keepHumanMessage: (record: IntakeRecord, speaker: Speaker) => Promise<void>;
}
