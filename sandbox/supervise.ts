import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, type Exit, type Place, runIn, startChild, until } from '#sandbox/servers';

/** What happens when a process ends that nobody asked to end. */
export type RestartPolicy =
  | { readonly kind: 'never' }
  /** Again after `delayMs`, doubled at each quick end up to `maxDelayMs`, as an orchestrator would. */
  | { readonly kind: 'always'; readonly delayMs: number; readonly maxDelayMs: number };

export type ProcessSpec = {
  /** Unique; also the name of its log file. */
  readonly name: string;
  readonly region: string;
  /** Arguments for our own Node: the file to run and what follows. */
  readonly args: readonly string[];
  /** All of its environment but PATH, HOME and the like. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Where it runs; here when left out. */
  readonly place?: Place;
  readonly restart: RestartPolicy;
  /** Asked after each start until it says true; `start` waits for it. */
  readonly isReady?: () => Promise<boolean>;
  readonly readyWithinMs?: number;
};

export type ProcessState = 'running' | 'waiting-to-restart' | 'down';

export type Supervised = {
  readonly name: string;
  readonly region: string;
  readonly logFile: string;
  pid(): number | undefined;
  state(): ProcessState;
  /** How often it came back by itself. */
  restarts(): number;
  /** How it ended last. */
  lastExit(): Exit | undefined;
  /** Starts it and waits until it is ready. Does nothing while it runs. @throws Error when it does not get ready */
  start(): Promise<void>;
  /** A crash from outside: the restart policy applies. SIGSTOP and SIGCONT freeze and thaw. */
  kill(signal: NodeJS.Signals): void;
  /** Ends it and keeps it down: SIGTERM, then SIGKILL after `graceMs` (0: at once, as when its region is lost). */
  stop(graceMs?: number): Promise<void>;
};

/** A process that ran this long was healthy: the next delay starts small again. */
const HEALTHY_AFTER_MS = 30_000;

/**
 * What a process takes over from the shell that started the sandbox. Nothing else: a HOLDFAST_ or AWS_ variable left in
 * a developer's shell would point the sandbox at something real, or keep it from starting.
 */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'LD_LIBRARY_PATH'];
const inherited = () => Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));

/** One process of ours under supervision. Nothing runs before `start`. Its output goes to `logDir/<name>.log`. */
export function supervise(spec: ProcessSpec, logDir: string): Supervised {
  mkdirSync(logDir, { recursive: true });
  const logFile = join(logDir, `${spec.name}.log`);
  let child: Child | undefined;
  let wanted = false;
  let restarts = 0;
  let quickEnds = 0;
  let lastExit: Exit | undefined;
  let timer: NodeJS.Timeout | undefined;
  let starting: Promise<void> | undefined;
  let launching: Promise<void> | undefined;

  const note = (text: string) => appendFileSync(logFile, `--- ${spec.name}: ${text}\n`);

  /** A start by hand and one by the restart policy may come together: the second joins the first. */
  function launch(): Promise<void> {
    launching ??= launchOne().finally(() => {
      launching = undefined;
    });
    return launching;
  }

  async function launchOne(): Promise<void> {
    if (child?.running()) return;
    const started = await startChild({
      ...runIn(spec.place, process.execPath, spec.args),
      logFile,
      ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
      env: { ...inherited(), ...spec.env },
    });
    child = started;
    const since = performance.now();
    note(`started, process ${started.pid}`);
    void started.exited.then((exit) => {
      lastExit = exit;
      note(`ended, ${exit.signal ?? `exit code ${exit.code}`}`);
      if (wanted && child === started) comeBack(performance.now() - since);
    });
    // `stop` may have been called while it was being started
    if (!wanted) await started.stop(0);
  }

  function comeBack(ranForMs: number): void {
    if (spec.restart.kind === 'never') return;
    quickEnds = ranForMs > HEALTHY_AFTER_MS ? 0 : quickEnds + 1;
    const delayMs = Math.min(spec.restart.delayMs * 2 ** Math.max(quickEnds - 1, 0), spec.restart.maxDelayMs);
    timer = setTimeout(() => {
      timer = undefined;
      restarts += 1;
      launch().catch((error) => {
        note(`can't be started: ${error}`);
        if (wanted) comeBack(0);
      });
    }, delayMs);
  }

  async function startNow(): Promise<void> {
    wanted = true;
    clearTimeout(timer);
    timer = undefined;
    await launch();
    const { isReady } = spec;
    if (isReady === undefined) return;
    await until(`${spec.name} is ready (${logFile})`, async () => !wanted || (await isReady()), {
      withinMs: spec.readyWithinMs ?? 30_000,
    });
  }

  return {
    name: spec.name,
    region: spec.region,
    logFile,
    pid: () => (child?.running() ? child.pid : undefined),
    state: () => {
      if (child?.running()) return 'running';
      return timer === undefined ? 'down' : 'waiting-to-restart';
    },
    restarts: () => restarts,
    lastExit: () => lastExit,
    async start() {
      if (starting === undefined && wanted && child?.running()) return;
      starting ??= startNow().finally(() => {
        starting = undefined;
      });
      await starting;
    },
    kill: (signal) => child?.kill(signal),
    async stop(graceMs = 3000) {
      wanted = false;
      quickEnds = 0;
      clearTimeout(timer);
      timer = undefined;
      if (graceMs === 0) child?.kill('SIGKILL');
      await child?.stop(graceMs);
      await starting?.catch(() => undefined);
    },
  };
}
