/** `error_rate_percent`: how plan.yaml writes a key that the code calls `errorRatePercent`. */
export const toFileKey = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The code's spelling of a key of the file. Keys without an underscore stay as they are. */
export const toCodeKey = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A value with the code's keys at every depth. */
export function withCodeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withCodeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [toCodeKey(key), withCodeKeys(member)]));
}

/** `thresholds.error_rate_percent`, `detection.checks[0].name`. */
export function fileKeyPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((said, part) => {
    if (typeof part === 'number') return `${said}[${part}]`;
    const key = toFileKey(String(part));
    return said === '' ? key : `${said}.${key}`;
  }, '');
}
