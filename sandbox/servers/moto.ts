import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetch } from 'undici';
import { type Child, startChild } from './child.ts';
import { freePort } from './free-port.ts';
import { runtimePaths } from './runtime-paths.ts';
import { dataDir } from './temp-dir.ts';
import { until } from './until.ts';

const KEEPER = fileURLToPath(new URL('moto-keep.py', import.meta.url));

export type MotoOptions = {
  readonly port?: number;
  /** When given, everything it holds is written here at `stop` and read at the next start. */
  readonly dir?: string;
  /**
   * Whether uploads are hashed again and refused when they differ, as S3 does; yes unless told otherwise. A benchmark
   * says no: on its two cores the stand-in's own hashing would be counted as ours.
   */
  readonly checksUploads?: boolean;
};

export type Moto = {
  readonly port: number;
  /** One endpoint for S3, Route 53, KMS, Secrets Manager and CloudWatch Logs of all regions. */
  readonly endpoint: string;
  pid(): number;
  running(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Ends it; without `dir` everything it held is gone. */
  stop(): Promise<void>;
};

/** Starts the S3, Route 53 and KMS stand-in on 127.0.0.1 and waits until it answers (2 to 4 s). */
export async function startMoto(options: MotoOptions = {}): Promise<Moto> {
  const { python, motoPath } = runtimePaths();
  const dir = dataDir(options.dir, 'moto');
  const port = options.port ?? (await freePort());
  const child: Child = await startChild({
    program: python,
    args: [
      '-s',
      KEEPER,
      options.dir === undefined ? '-' : join(dir.path, 'moto.pickle'),
      ...['-H', '127.0.0.1', '-p', String(port)],
    ],
    logFile: join(dir.path, 'moto.log'),
    env: {
      ...process.env,
      ...(options.checksUploads === false ? { HOLDFAST_MOTO_TRUSTS_UPLOADS: '1' } : {}),
      PYTHONPATH: motoPath,
      S3_IGNORE_SUBDOMAIN_BUCKETNAME: 'true',
      TMPDIR: dir.path,
    },
  });
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await until(`the S3 stand-in answers on port ${port}`, async () => {
      if (!child.running()) return true;
      const answer = await fetch(`${endpoint}/moto-api/data.json`, { signal: AbortSignal.timeout(2000) });
      await answer.body?.cancel();
      return answer.ok;
    });
    if (!child.running()) throw new Error(`The S3 stand-in ended at once; its log: ${join(dir.path, 'moto.log')}`);
  } catch (error) {
    await child.stop(0);
    throw error;
  }
  return {
    port,
    endpoint,
    pid: () => child.pid,
    running: () => child.running(),
    kill: (signal) => child.kill(signal),
    async stop() {
      await child.stop(options.dir === undefined ? 3000 : 60_000);
      dir.remove();
    },
  };
}
