import { createInterface } from 'node:readline/promises';

/** Asks at the keyboard; undefined where there is none, as in a script. */
export async function askForCode(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await reader.question(question)).replace(/\s/g, '');
  } finally {
    reader.close();
  }
}
