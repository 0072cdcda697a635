import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';
import { toCodeKey } from './key-names.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where things stand in the file, asked by the code's path. */
export interface Positions {
  /** Of the value at a path, or of the nearest thing around it that is there. */
  ofValue(path: readonly PropertyKey[]): Position;
  /** Of the key that ends a path; of its value where there is no such key. */
  ofKey(path: readonly PropertyKey[]): Position;
}

export function positionsIn(document: Document, lines: LineCounter): Positions {
  const at = (node: unknown): Position => {
    const offset = isNode(node) && node.range ? node.range[0] : 0;
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const ofValue = (path: readonly PropertyKey[]): Position => at(nearest(document.contents, path));
  return {
    ofValue,
    ofKey: (path) => {
      const parent = nearest(document.contents, path.slice(0, -1));
      const pair = isMap(parent) ? findPair(parent.items, path.at(-1)) : undefined;
      return pair === undefined ? ofValue(path) : at(pair.key);
    },
  };
}

function nearest(root: Node | null, path: readonly PropertyKey[]): unknown {
  let node: unknown = root;
  for (const part of path) {
    const next = isMap(node)
      ? findPair(node.items, part)?.value
      : isSeq(node) && typeof part === 'number'
        ? node.items[part]
        : undefined;
    if (!isNode(next)) return node;
    node = next;
  }
  return node;
}

function findPair(pairs: readonly Pair[], part: PropertyKey | undefined): Pair | undefined {
  return pairs.find(({ key }) => isScalar(key) && toCodeKey(String(key.value)) === String(part));
}
