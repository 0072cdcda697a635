import { z } from 'zod';

/** The keys a schema knows at a path, for "did you mean". Empty where any key goes. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [part, ...rest] = path;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return keysAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysAt(option, path));
  if (schema instanceof z.ZodObject) {
    if (part === undefined) return Object.keys(schema.shape);
    const member = schema.shape[String(part)];
    return member === undefined ? [] : keysAt(member, rest);
  }
  if (part === undefined) return [];
  if (schema instanceof z.ZodRecord) return keysAt(schema.valueType, rest);
  if (schema instanceof z.ZodArray) return keysAt(schema.element, rest);
  return [];
}

/** The words a schema takes at a path: those of enums and literals, of every shape that could stand there. */
export function valuesAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [part, ...rest] = path;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return valuesAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => valuesAt(option, path));
  if (part === undefined) {
    if (schema instanceof z.ZodEnum) return schema.options.map(String);
    return schema instanceof z.ZodLiteral ? [...schema.values].map(String) : [];
  }
  if (schema instanceof z.ZodObject) {
    const member = schema.shape[String(part)];
    return member === undefined ? [] : valuesAt(member, rest);
  }
  if (schema instanceof z.ZodRecord) return valuesAt(schema.valueType, rest);
  return schema instanceof z.ZodArray ? valuesAt(schema.element, rest) : [];
}
