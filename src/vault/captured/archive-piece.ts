import { DrError } from '#core';
import type { DataKey } from '../data-key.ts';
import { FORMAT, FORMAT_VERSION, NONCE_BYTES } from '../format.ts';
import type { Vault } from '../vault.ts';
import { encodeCaptured } from './captured-file.ts';
import type { ArchivePiece } from './captured-range.ts';
import type { CapturedSegment } from './open-timeline.ts';

/** The piece that these segments make, which follow one another. */
export function pieceOf(
  of: Pick<ArchivePiece, 'timeline' | 'hour' | 'isLast'>,
  segments: readonly CapturedSegment[],
): ArchivePiece {
  const { first, last } = endsOf(segments);
  return { ...of, from: first.range.from, through: last.range.through, token: last.range.token };
}

/** Its object, under an archive's data key. */
export function encodePiece(
  vault: Vault,
  key: DataKey,
  piece: ArchivePiece,
  segments: readonly CapturedSegment[],
): Buffer {
  const { first, last } = endsOf(segments);
  const entries = Buffer.concat(segments.map((segment) => segment.entries));
  const { begins } = first.header;
  const header = {
    format: FORMAT,
    version: FORMAT_VERSION,
    timeline: piece.timeline,
    token: piece.token,
    key: key.name,
    from: piece.from,
    through: piece.through,
    entries: segments.reduce((sum, segment) => sum + segment.header.entries, 0),
    plainBytes: entries.length,
    previous: first.header.previous,
    last: last.hash,
    ...(begins ? { begins } : {}),
  } as const;
  return encodeCaptured(header, entries, key.bytes, vault.random(NONCE_BYTES));
}

function endsOf(segments: readonly CapturedSegment[]): { first: CapturedSegment; last: CapturedSegment } {
  const [first] = segments;
  const last = segments.at(-1);
  if (first && last) return { first, last };
  throw new DrError('UNEXPECTED', 'bug', 'An archive of nothing.');
}
