const LABEL_COLUMNS = 26;
const RESULT_COLUMNS = 17;

export function minutesAndSeconds(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * Prints one line a part. On a terminal the running line is rewritten every second; elsewhere (CI logs) each
 * line is printed once, when it is finished. With `quiet`, parts that were found print nothing.
 */
export function createProgress({ total, quiet, title, out = process.stdout }) {
  let titlePrinted = title === null;
  const print = (text) => {
    if (!titlePrinted) out.write(`${title}\n\n`);
    titlePrinted = true;
    out.write(text);
  };
  const head = (number, label) => `${number === null ? '    ' : ` ${number}/${total}`} ${label.padEnd(LABEL_COLUMNS)} `;

  return {
    /** A plain line of its own. */
    say: (text) => print(`${text}\n`),
    found(number, label) {
      if (!quiet) print(`${head(number, label)}found\n`);
    },
    /**
     * Runs `work` and prints its line with what it returned (a size or a count) and the time it took.
     * @param {number | null} number
     * @param {string} label
     * @param {() => Promise<string>} work
     */
    async during(number, label, work) {
      const startedAt = Date.now();
      const line = (result) =>
        `${head(number, label)}${result.padEnd(RESULT_COLUMNS)}${minutesAndSeconds(Date.now() - startedAt)}`;
      const tick = out.isTTY ? setInterval(() => print(`\r${line('...')}`), 1000) : undefined;
      try {
        const result = await work();
        print(`${out.isTTY ? '\r' : ''}${line(result)}\n`);
      } catch (error) {
        if (out.isTTY) print('\n');
        throw error;
      } finally {
        clearInterval(tick);
      }
    },
  };
}
