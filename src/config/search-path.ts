/** Where programs are looked for, as PATH is written. */
export const searchPath = (env: Readonly<Record<string, string | undefined>> = process.env): string =>
  env['PATH'] ?? '';
