import { expect, test } from 'vitest';
import { ownerOf } from '#vault';

const place = { year: 2026, backup: 'B-1124-0300b' };

test.each([
  ['manifests/2026/B-1124-0300b', { kind: 'manifest', place }],
  [
    'segments/2026/B-1124-0300b/1a2b3c4d/documents-000000',
    { kind: 'attempt', place, attempt: '1a2b3c4d', part: 'segment' },
  ],
  ['keys/2026-B-1124-0300b-1a2b3c4d/0001', { kind: 'attempt', place, attempt: '1a2b3c4d', part: 'key' }],
  ['checks/2026/B-1124-0300b/2026-11-24T03:10:00.000Z', { kind: 'check', place }],
  [
    'capture/0001/2026-11-24T15/6b2a0f1000000002-6b2a0f1200000001-ab12',
    {
      kind: 'capture',
      timeline: '0001',
      hour: '2026-11-24T15',
      covers: { from: { seconds: 0x6b2a0f10, increment: 2 }, through: { seconds: 0x6b2a0f12, increment: 1 } },
      part: 'segment',
    },
  ],
  [
    'capture/0001/2026-11-24T15/header',
    { kind: 'capture', timeline: '0001', hour: '2026-11-24T15', covers: undefined, part: 'segment' },
  ],
  [
    'archive/0001/2026-11-24T15/6b2a0f1000000002-6b2a0f1200000001-000003-last',
    {
      kind: 'capture',
      timeline: '0001',
      hour: '2026-11-24T15',
      covers: { from: { seconds: 0x6b2a0f10, increment: 2 }, through: { seconds: 0x6b2a0f12, increment: 1 } },
      part: 'segment',
    },
  ],
  [
    'keys/archive-0001-2026-11-24T15-1a2b3c4d/0001',
    { kind: 'capture', timeline: '0001', hour: '2026-11-24T15', covers: undefined, part: 'key' },
  ],
  [
    'keys/capture-0001-2026-11-24T15-ab12/0001',
    { kind: 'capture', timeline: '0001', hour: '2026-11-24T15', covers: undefined, part: 'key' },
  ],
])('%s', (key, owner) => {
  expect(ownerOf(key)).toEqual(owner);
});

test.each([
  'holds/2026/B-1124-0300',
  'retention/marks',
  'record/anchors/000000000001.json',
  'manifests/2026/B-1124-0300/more',
  'segments/2026/B-1124-0300',
  'keys/somebody-else/0001',
  'capture/1/2026-11-24T15/x',
  '',
])("%s is nobody's to delete", (key) => {
  expect(ownerOf(key)).toEqual({ kind: 'other' });
});
