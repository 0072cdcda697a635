import { z } from 'zod';
import { counted, type Text } from '#core';
import { Finding, nameOf } from '#integrity';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';

const SHOWN = 5;
const Read = z.object({ findings: z.array(Finding) });

/** What people read when backups were read back: how many, what was healed, which regions did not answer. */
export function verifyReceipt(run: RunRecord): Receipt | undefined {
  const read = Read.safeParse(run.steps.find(({ name, state }) => name === 'read' && state === 'done')?.output);
  if (!read.success) return undefined;
  const { findings } = read.data;
  const healed = findings.flatMap(({ backup, healed: copies }) => copies.map((copy) => ({ backup, ...copy })));
  const silent = [...new Set(findings.flatMap(({ unreachable }) => unreachable))];
  const [only] = findings;
  const what = findings.length === 1 && only ? only.backup : counted(findings.length, 'backup');
  return {
    headline: `${what} verified${healed.length > 0 ? ', damage healed' : ''}`,
    sections: [
      {
        heading: 'How we know',
        lines: [
          ['Every copy was read back, decrypted, and every document hashed again.'],
          ...(silent.length > 0 ? [[`No answer from ${silent.join(', ')}: copies there were not read.`] as Text] : []),
        ],
      },
      ...(healed.length === 0
        ? []
        : [
            {
              heading: 'Healed',
              lines: [
                ...healed
                  .slice(0, SHOWN)
                  .map(
                    ({ backup, region, segment, from, problem }): Text => [
                      `${backup} in ${region}, ${nameOf(segment)}: ${problem} Written again from ${from}.`,
                    ],
                  ),
                ...(healed.length > SHOWN ? [[`and ${healed.length - SHOWN} more: /dr show ${run.id}`] as Text] : []),
              ],
            },
          ]),
    ],
  };
}
