import { createRequire } from 'node:module';
import type { ClientSession, MongoClient } from 'mongodb';
import { z } from 'zod';
import { DrError, type RawDocument } from '#core';

/**
 * The driver's own way to send documents as bytes (an OP_MSG section of type 1). It is not public: the version is
 * pinned, and test/adapters/mongodb fails when a new one no longer has it.
 */
interface Sequence {
  push(document: object, bytes: Uint8Array): number;
}
const Commands = z.object({
  DocumentSequence: z.custom<new (field: string) => Sequence>((value) => typeof value === 'function'),
});
const { DocumentSequence } = Commands.parse(createRequire(import.meta.url)('mongodb/lib/cmap/commands'));

const WriteAnswer = z.object({
  n: z.number(),
  writeErrors: z.array(z.object({ index: z.number(), code: z.number(), errmsg: z.string() })).default([]),
  writeConcernError: z.object({ code: z.number(), errmsg: z.string() }).optional(),
});

export interface WriteProblem {
  /** Which of the documents given. */
  readonly index: number;
  readonly code: number;
  readonly message: string;
}

export interface WriteTo {
  readonly client: MongoClient;
  /** How long one message may take. */
  readonly withinMs: number;
  /** Returns when a majority has it. A transaction's own end says so for all of it. */
  readonly majority?: boolean;
  /** The transaction it is part of. */
  readonly session?: ClientSession;
}

export interface RawWrite extends WriteTo {
  readonly database: string;
  readonly collection: string;
  /** Documents to insert, or the statements of `update` and `delete`. */
  readonly kind: 'insert' | 'update' | 'delete';
  readonly statements: readonly RawDocument[];
  readonly ordered: boolean;
}

const FIELD = { insert: 'documents', update: 'updates', delete: 'deletes' } as const;

/** The server takes messages of 48,000,000 bytes and 100,000 statements. */
const MESSAGE_BYTES = 40_000_000;
const MESSAGE_STATEMENTS = 50_000;

/** Sends statements as they are, in as few messages as fit; what a statement was refused for is returned. */
export async function rawWrite(write: RawWrite): Promise<WriteProblem[]> {
  const problems: WriteProblem[] = [];
  let from = 0;
  while (from < write.statements.length) {
    const to = endOfMessage(write.statements, from);
    const refused = await sendOne(write, write.statements.slice(from, to));
    problems.push(...refused.map((problem) => ({ ...problem, index: problem.index + from })));
    if (write.ordered && refused.length > 0) return problems;
    from = to;
  }
  return problems;
}

function endOfMessage(statements: readonly RawDocument[], from: number): number {
  let bytes = 0;
  let to = from;
  while (to < statements.length && to - from < MESSAGE_STATEMENTS) {
    bytes += statements[to]?.length ?? 0;
    if (bytes > MESSAGE_BYTES && to > from) break;
    to += 1;
  }
  return to;
}

async function sendOne(write: RawWrite, statements: readonly RawDocument[]): Promise<WriteProblem[]> {
  const sequence = new DocumentSequence(FIELD[write.kind]);
  for (const statement of statements) sequence.push({}, statement);
  const answer = WriteAnswer.parse(
    await write.client.db(write.database).command(
      {
        [write.kind]: write.collection,
        [FIELD[write.kind]]: sequence,
        ordered: write.ordered,
        // backed-up documents may be older than the validator; `delete` does not know the option
        ...(write.kind === 'delete' ? {} : { bypassDocumentValidation: true }),
        ...(write.majority && !write.session ? { writeConcern: { w: 'majority' } } : {}),
      },
      // without an end the driver waits for ever for a server that froze in the middle of a large message (7.9.0; its own
      // timeoutMS does not end it either)
      { signal: AbortSignal.timeout(write.withinMs), ...(write.session ? { session: write.session } : {}) },
    ),
  );
  if (answer.writeConcernError) {
    throw new DrError('DATABASE_UNAVAILABLE', 'transient', `A write was not kept: ${answer.writeConcernError.errmsg}`);
  }
  return answer.writeErrors.map(({ index, code, errmsg }) => ({ index, code, message: errmsg }));
}
