import { type ChildProcess, spawn } from 'node:child_process';

/**
 * One small shell beside this process that outlives it: it holds the read end of a pipe, and when this process is
 * gone (even by SIGKILL, which nothing here could catch) it ends every server still on its list, with 5 s to write its
 * data, and removes the temporary folders. It ignores Ctrl-C, so that it never goes before the servers do.
 */
const SCRIPT = `
trap '' INT TERM HUP
pids='' dirs=''
while read -r op arg; do
  case $op in
    +) pids="$pids $arg" ;;
    -) kept=''; for p in $pids; do [ "$p" = "$arg" ] || kept="$kept $p"; done; pids=$kept ;;
    k) [ -z "$pids" ] || kill -KILL $pids 2>/dev/null ;;
    d) dirs="$dirs$arg
" ;;
  esac
done
if [ -n "$pids" ]; then
  kill -TERM $pids 2>/dev/null
  kill -CONT $pids 2>/dev/null
  n=0
  while [ $n -lt 50 ] && kill -0 $pids 2>/dev/null; do n=$((n + 1)); sleep 0.1; done
  kill -KILL $pids 2>/dev/null
fi
printf '%s' "$dirs" | while read -r dir; do
  case $dir in */holdfast-*) rm -rf "$dir" ;; esac
done
`;

let shell: ChildProcess | undefined;

function tell(line: string): void {
  if (shell === undefined || shell.exitCode !== null) {
    shell = spawn('sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    shell.stdin?.on('error', () => undefined);
    shell.unref();
  }
  shell.stdin?.write(`${line}\n`);
}

/** From now on `pid` dies with this process. */
export const dieWithUs = (pid: number): void => tell(`+ ${pid}`);

/** `pid` has ended; its number may be given to somebody else's process and must not be killed any more. */
export const hasEnded = (pid: number): void => tell(`- ${pid}`);

/** `dir` (its last part must start with `holdfast-`) is removed when this process is gone. Removing it earlier is fine. */
export const removeAfterUs = (dir: string): void => tell(`d ${dir}`);

/** Every process on the list is killed now, without time to write its data; for when it had its chance already. */
export const killEverything = (): void => tell('k now');
