export interface Found {
  /** How many different states were looked at. */
  readonly states: number;
  /** The shortest way into a bad one, step by step; undefined when none can be reached. */
  readonly trace: readonly string[] | undefined;
}

interface Visit<State> {
  readonly state: State;
  readonly step: string;
  readonly from: Visit<State> | undefined;
}

type Value = number | boolean | string;

/** Visits every state that can be reached from `start`, the nearest first, until one is bad. States are flat records. */
export function search<State extends { readonly [name in keyof State]: Value }>(
  start: State,
  steps: (state: State) => Iterable<readonly [string, State]>,
  isBad: (state: State) => boolean,
): Found {
  const keyOf = createKeys<State>();
  const seen = new Set([keyOf(start)]);
  let edge: Visit<State>[] = [{ state: start, step: '', from: undefined }];
  while (edge.length > 0) {
    const next: Visit<State>[] = [];
    for (const visit of edge) {
      for (const [step, state] of steps(visit.state)) {
        const key = keyOf(state);
        if (seen.has(key)) continue;
        seen.add(key);
        const reached = { state, step, from: visit };
        if (isBad(state)) return { states: seen.size, trace: trace(reached) };
        next.push(reached);
      }
    }
    edge = next;
  }
  return { states: seen.size, trace: undefined };
}

function trace<State>(visit: Visit<State>): string[] {
  const way: string[] = [];
  for (let at = visit; at.from; at = at.from) way.unshift(at.step);
  return way;
}

/** A short text for each state: a letter for each of its values, in the order in which it came up. */
function createKeys<State extends { readonly [name in keyof State]: Value }>(): (state: State) => string {
  const letters = new Map<Value, string>();
  return (state) => {
    let key = '';
    for (const name in state) {
      const value: Value = state[name];
      let letter = letters.get(value);
      if (letter === undefined) {
        letter = String.fromCharCode(97 + letters.size);
        letters.set(value, letter);
      }
      key += letter;
    }
    return key;
  };
}
