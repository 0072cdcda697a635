import { z } from 'zod';
import { badRequest, StatusError, unsupportedPatch } from './status.ts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The object after a patch; the given one is left as it is.
 * @param contentType which of the three kinds of patch the body is
 * @throws StatusError 415 for another kind, 400 and 422 for a patch that can't be read or applied
 */
export function applyPatch(object: Json, contentType: string | undefined, patch: unknown): Json {
  const copy = structuredClone(object);
  switch (contentType?.split(';')[0]?.trim()) {
    case 'application/json-patch+json':
      return jsonPatch(copy, patch);
    case 'application/merge-patch+json':
      return mergePatch(copy, asObject(patch), 'replace');
    case 'application/strategic-merge-patch+json':
      return mergePatch(copy, asObject(patch), 'by name');
    default:
      throw unsupportedPatch();
  }
}

function asObject(patch: unknown): Json {
  if (!isObject(patch)) throw badRequest('json: cannot unmarshal array into Go value of type map[string]interface {}');
  return patch;
}

/** RFC 7396; a strategic patch differs in that lists of named things (containers) are merged by name. */
function mergePatch(target: Json, patch: Json, lists: 'replace' | 'by name'): Json {
  for (const [key, value] of Object.entries(patch)) {
    const old = target[key];
    if (value === null) delete target[key];
    else if (isObject(value)) target[key] = mergePatch(isObject(old) ? old : {}, value, lists);
    else if (lists === 'by name' && Array.isArray(value) && Array.isArray(old) && value.every(isNamed)) {
      target[key] = mergeByName(old.filter(isObject), value);
    } else target[key] = value;
  }
  return target;
}

const isNamed = (item: unknown): item is Json => isObject(item) && typeof item['name'] === 'string';

function mergeByName(old: readonly Json[], patch: readonly Json[]): Json[] {
  const merged = [...old];
  for (const item of patch) {
    const at = merged.findIndex((candidate) => candidate['name'] === item['name']);
    const before = merged[at];
    if (before === undefined) merged.push(item);
    else merged[at] = mergePatch({ ...before }, item, 'by name');
  }
  return merged;
}

const Operations = z.array(
  z.union([
    z.object({ op: z.enum(['add', 'replace', 'test']), path: z.string(), value: z.unknown() }),
    z.object({ op: z.literal('remove'), path: z.string() }),
  ]),
);

const cannotApply = (message: string) => new StatusError(422, 'Invalid', message, {});

/** RFC 6902 without `move` and `copy`. */
function jsonPatch(target: Json, patch: unknown): Json {
  const operations = Operations.safeParse(patch);
  if (!operations.success)
    throw badRequest('error decoding patch: json: cannot unmarshal into Go value of type jsonpatch.Patch');
  for (const operation of operations.data) {
    const keys = operation.path
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop();
    let parent: unknown = target;
    for (const key of keys) {
      parent = Array.isArray(parent) ? parent[Number(key)] : isObject(parent) ? parent[key] : undefined;
    }
    if (last === undefined || (!isObject(parent) && !Array.isArray(parent)))
      throw missing(operation.op, operation.path);
    change(parent, last, operation);
  }
  return target;
}

const missing = (op: string, path: string) =>
  cannotApply(`${op} operation does not apply: doc is missing path: ${path}: missing value`);

function change(parent: Json | unknown[], key: string, operation: z.output<typeof Operations>[number]): void {
  const { op, path } = operation;
  const list = Array.isArray(parent);
  const at = list && key !== '-' ? Number(key) : -1;
  const there = list ? parent.at(at) !== undefined && key !== '-' : Object.hasOwn(parent, key);
  if (op !== 'add' && !there) throw missing(op, path);
  switch (op) {
    case 'test': {
      const value = list ? parent[at] : parent[key];
      if (JSON.stringify(value) !== JSON.stringify(operation.value)) {
        throw cannotApply(`testing value ${path} failed: test failed`);
      }
      return;
    }
    case 'remove':
      if (list) parent.splice(at, 1);
      else delete parent[key];
      return;
    case 'add':
      if (!list) parent[key] = operation.value;
      else if (key === '-') parent.push(operation.value);
      else parent.splice(at, 0, operation.value);
      return;
    case 'replace':
      if (list) parent[at] = operation.value;
      else parent[key] = operation.value;
  }
}
