import type { BackupId } from '#core';
import type { Found } from '../backup-catalog.ts';
import { type Comparison, named, type Troubled, troubled } from './comparison.ts';
import type { CatalogEntry } from './entry.ts';
import { idOf } from './record.ts';

/** What looking at one backup came to. */
export type Look =
  | { readonly kind: 'same' | 'changed' | 'added'; readonly entry: CatalogEntry }
  | { readonly kind: 'unseen'; readonly found: Found; readonly problem: string };

export interface Looks {
  readonly looks: readonly Look[];
  /** What the catalog has and was not looked at: a region that may have it does not answer. */
  readonly left: readonly CatalogEntry[];
  readonly gone: readonly BackupId[];
}

/** The looks as one comparison, the newest backups first. Pure. */
export function summarize(
  { looks, left, gone }: Looks,
  about: Pick<Comparison, 'at' | 'everything' | 'silent'>,
): Comparison {
  const looked = looks.flatMap((look) => (look.kind === 'unseen' ? [] : [look]));
  const unseen = looks.flatMap((look) => (look.kind === 'unseen' ? [look] : []));
  const entries = [...looked.map(({ entry }) => entry), ...left].sort(newestFirst);
  const backups = (kind: Look['kind']): BackupId[] =>
    looked
      .filter((look) => look.kind === kind)
      .map(({ entry }) => entry)
      .sort(newestFirst)
      .map(({ backup }) => backup);
  const inState = (state: 'read' | 'unreadable'): Troubled =>
    troubled(
      entries.flatMap(({ backup, manifest }) =>
        manifest.state === state ? [{ backup, problem: manifest.problem }] : [],
      ),
    );
  return {
    ...about,
    entries: entries.length,
    newest: entries[0]?.backup ?? null,
    added: named(backups('added')),
    changed: named(backups('changed')),
    gone: named(gone),
    unreadable: inState('unreadable'),
    unproved: inState('read'),
    unseen: troubled(unseen.map(({ found, problem }) => ({ backup: found.place.backup, problem }))),
  };
}

const newestFirst = (a: CatalogEntry, b: CatalogEntry): number => (idOf(a) < idOf(b) ? 1 : -1);
