/** What an object says in JSON; undefined for one that says nothing. Nothing of it is believed before a schema took it. */
export function jsonIn(object: Buffer): unknown {
  try {
    return JSON.parse(object.toString('utf8'));
  } catch {
    return undefined;
  }
}
