import type { Output } from '../../src/terminal/screen.ts';

/** A terminal in memory: what was written to it, and its properties as a test wants them. */
export function memoryOutput(
  properties: Partial<Omit<Output, 'write'>> = {},
): Output & { readonly text: () => string } {
  let written = '';
  return {
    ...properties,
    write: (text: string) => {
      written += text;
      return true;
    },
    text: () => written,
  };
}
