import type { Text } from '#core';
import type { Naming } from '#restore';

const SHOWN = 6;

/** Each chosen name and what it becomes: `eld.trips -> eld_copy.trips`. */
export const nameWords = (naming: Naming, namespaces: readonly string[]): string[] =>
  'database' in naming
    ? namespaces.map((chosen) => `${chosen} -> ${naming.database}.${chosen.slice(chosen.indexOf('.') + 1)}`)
    : naming.names.map(({ from, to }) => `${from} -> ${to}`);

/** The same as lines of a preview: the first of them, and how many more there are. */
export const newNameLines = (names: readonly string[]): Text[] => [
  ...names.slice(0, SHOWN).map((name): Text => [`New name: ${name}`]),
  ...(names.length > SHOWN ? [[`and ${names.length - SHOWN} more`]] : []),
];
