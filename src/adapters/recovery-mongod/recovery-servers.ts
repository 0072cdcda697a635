import { writeFile } from 'node:fs/promises';
import { DrError, type RandomBytes, type RequestId } from '#core';
import type { OtherCluster, RecoveryServer, RecoveryServers } from '#ports';
import { openOtherCluster } from '../mongodb/index.ts';
import { endMongod } from './end-mongod.ts';
import { findMongod } from './find-mongod.ts';
import { addressOf, answers, freePort, launchMongod, makeReady } from './launch-mongod.ts';
import { type Notes, type RecoveryFolder, recoveryFolder, runsIn, thisMachine } from './recovery-folder.ts';

export interface RecoveryOptions {
  /** Where each has a folder of its own; undefined: the plan wants none. */
  readonly folder: string | undefined;
  /** Path of a mongod; undefined: whichever is in `searched`, as PATH is written. */
  readonly program: string | undefined;
  readonly searched: string;
  /** How long one message of documents may take. */
  readonly writtenWithinMs?: number;
  readonly random: RandomBytes;
  readonly now: () => Date;
}

/** Longer than one takes that reads its journal first. */
const OPEN_WITHIN_MS = 60_000;

export function openRecoveryServers(options: RecoveryOptions): RecoveryServers {
  const { folder: root, random, now, writtenWithinMs } = options;
  const find = () => findMongod(options.program, options.searched);
  const folderOf = (run: RequestId): RecoveryFolder | undefined =>
    root === undefined ? undefined : recoveryFolder(root, run);
  const notesOf = async (run: RequestId) => {
    const folder = folderOf(run);
    const notes = await folder?.read();
    return folder && notes ? { folder, notes } : undefined;
  };
  const whyNot = async (): Promise<string | undefined> => {
    if (root === undefined) return 'plan.yaml has no mongodb.restore.scratch, so none is started';
    if ((await find()) !== undefined) return undefined;
    const where = options.program ?? 'PATH, and HOLDFAST_MONGOD is not set';
    return `there is no mongod on ${thisMachine()} (looked at ${where})`;
  };
  /** Starts it where it is down: a restore that goes on, or somebody who looks, finds it. */
  const running = async (folder: RecoveryFolder, notes: Notes, signal: AbortSignal): Promise<void> => {
    if (await answers(notes)) return;
    const [why, program] = [await whyNot(), await find()];
    if (why !== undefined || program === undefined) throw none(why);
    launchMongod(program, folder, notes);
    await makeReady(notes, folder.log, signal);
  };
  return {
    whyNot,
    async start(run, signal) {
      const [why, folder] = [await whyNot(), folderOf(run)];
      if (why !== undefined || !folder) throw none(why);
      const notes = (await folder.read()) ?? (await begin(folder, run));
      await running(folder, notes, signal);
      await writeFile(folder.addressFile, `${addressOf(notes)}\n`, { mode: 0o600 });
      return describe(folder, notes);
    },
    async open(run): Promise<OtherCluster> {
      const found = await notesOf(run);
      if (!found) {
        throw new DrError('NOT_FOUND', 'permanent', `${run} has no recovery mongod on ${thisMachine()}.`, {
          hint: 'Was it begun by a worker elsewhere? Start that one again and resume, or stop the run.',
        });
      }
      await running(found.folder, found.notes, AbortSignal.timeout(OPEN_WITHIN_MS));
      const who = `The recovery mongod of ${run}`;
      return openOtherCluster({
        uri: addressOf(found.notes),
        who,
        ...(writtenWithinMs === undefined ? {} : { writtenWithinMs }),
      });
    },
    async stop(run) {
      const found = await notesOf(run);
      if (!found) return;
      await endMongod(found.folder, found.notes);
      await found.folder.remove();
    },
    async list() {
      const found = await Promise.all((root === undefined ? [] : await runsIn(root)).map(notesOf));
      return found.flatMap((each) => (each ? [describe(each.folder, each.notes)] : []));
    },
  };

  async function begin(folder: RecoveryFolder, run: RequestId): Promise<Notes> {
    const password = random(24).toString('base64url');
    const notes = { run, machine: thisMachine(), port: await freePort(), password, startedAt: now() };
    await folder.write(notes, random(96).toString('base64')).catch((cause: unknown) => {
      throw none(`${folder.path} can not be written`, cause);
    });
    return notes;
  }
}

const describe = ({ addressFile }: RecoveryFolder, { run, machine, port, startedAt }: Notes): RecoveryServer => ({
  run,
  machine,
  address: `127.0.0.1:${port}`,
  addressFile,
  startedAt,
});

const none = (why = 'it may not be run', cause?: unknown): DrError =>
  new DrError('TARGET_UNFIT', 'user', `No recovery mongod can be started: ${why}. Nothing was changed.`, {
    cause,
    hint: 'Install mongod for the worker or set HOLDFAST_MONGOD, or take a cluster that the plan names: --on',
  });
