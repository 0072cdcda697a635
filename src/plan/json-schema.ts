import { z } from 'zod';
import { toFileKey } from './key-names.ts';
import { Plan } from './plan.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * The JSON Schema that editors check plan.yaml against while it is written. It knows shapes and names; what crosses
 * sections (can this roster fill that policy?) only `dr plan check` knows.
 */
export function generateSchema(): Record<string, Json> {
  const generated = z.toJSONSchema(Plan, { io: 'input', target: 'draft-7' });
  const renamed = rename(JSON.parse(JSON.stringify(generated)) as Json);
  return {
    title: 'Holdfast plan',
    description: 'Generated from src/plan; do not edit. npm run -s plan:schema writes it again.',
    ...(isObject(renamed) ? renamed : {}),
  };
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function rename(node: Json): Json {
  if (Array.isArray(node)) return node.map(rename);
  if (!isObject(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key === 'properties' && isObject(value)) {
        return [key, Object.fromEntries(Object.entries(value).map(([name, of]) => [toFileKey(name), rename(of)]))];
      }
      if (key === 'required' && Array.isArray(value)) return [key, value.map((name) => toFileKey(String(name)))];
      return [key, rename(value)];
    }),
  );
}
