import type { RequestId } from '#core';
import type { Chat } from '#ports';
import type { ThreadId } from '#record';
import type { Flow, Speaker } from './flow.ts';
import type { IntakeRecord } from './intake.ts';

/** What handling a payload from the chat needs beside the flow. */
export interface DispatchDeps<World> {
  readonly flow: Flow<World>;
  readonly chat: Chat;
  /** The message that is the present card of that request; undefined as long as none was noted. */
  readonly cardOf: (request: RequestId) => Promise<string | undefined>;
  /** Whose root message this is; undefined for any other message. */
  readonly threadAt: (ts: string) => Promise<ThreadId | undefined>;
  /** Keeps what people write, edit and delete in a request's thread. */
  readonly keepHumanMessage: (record: IntakeRecord, speaker: Speaker) => Promise<void>;
}
