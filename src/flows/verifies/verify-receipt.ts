import { z } from 'zod';
import { counted, type Text } from '#core';
import { CapturedFindings, Finding, lostText, nameOf, nameOfCaptured } from '#integrity';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';

const SHOWN = 5;
const Read = z.object({ findings: z.array(Finding) });

/** What people read when backups were read back: how many, what was healed, which regions did not answer. */
export function verifyReceipt(run: RunRecord): Receipt | undefined {
  const outputOf = (step: string): unknown =>
    run.steps.find(({ name, state }) => name === step && state === 'done')?.output;
  const read = Read.safeParse(outputOf('read'));
  const captured = CapturedFindings.safeParse(outputOf('captured')).data;
  if (!read.success) return undefined;
  const { findings } = read.data;
  const healed = [
    ...findings.flatMap(({ backup, healed: copies }) =>
      copies.map((copy) => ({ ...copy, what: `${backup} in ${copy.region}, ${nameOf(copy.segment)}` })),
    ),
    ...(captured?.healed ?? []).map((copy) => ({
      ...copy,
      what: `${copy.region}, ${nameOfCaptured(copy.segment)}`,
    })),
  ];
  const inAll = findings.reduce((sum, { healed: copies }) => sum + copies.length, captured?.healedCopies ?? 0);
  const silent = [
    ...new Set([
      ...findings.flatMap(({ unreachable }) => unreachable),
      ...(captured?.unread ?? []).map(({ region }) => region),
    ]),
  ];
  const what = whatOf(findings, captured);
  return {
    headline: `${what} verified${healed.length > 0 ? ', damage healed' : ''}`,
    sections: [
      {
        heading: 'How we know',
        lines: [
          ...(findings.length > 0
            ? [['Every copy was read back, decrypted, and every document hashed again.'] as Text]
            : []),
          ...(captured && captured.hours > 0
            ? [
                [
                  `${counted(captured.objects, 'captured object')} read back in every region, decrypted, and every link to the one before proved.`,
                ] as Text,
              ]
            : []),
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
                    ({ what: healedOne, from, problem }): Text => [
                      `${healedOne}: ${problem} Written again from ${from}.`,
                    ],
                  ),
                ...(inAll > SHOWN ? [[`and ${inAll - SHOWN} more: /dr show ${run.id}`] as Text] : []),
              ],
            },
          ]),
      ...lostSections(captured),
    ],
  };
}

function whatOf(findings: readonly Finding[], captured: CapturedFindings | undefined): string {
  const [only] = findings;
  const backups = findings.length === 1 && only ? only.backup : counted(findings.length, 'backup');
  if (!captured || captured.hours === 0) return backups;
  const hours = counted(captured.hours, 'captured hour');
  return findings.length === 0 ? hours : `${backups}, ${hours}`;
}

/** What was known to be lost before, and what was made anew: nothing has to be done about either. */
function lostSections(captured: CapturedFindings | undefined): Receipt['sections'] {
  if (!captured) return [];
  const { rebuilt, lost, spare } = captured;
  const lines: Text[] = [
    ...(rebuilt > 0 ? [[`${counted(rebuilt, 'archive')} made anew from what it had been made of.`] as Text] : []),
    ...(spare > 0 ? [[`${counted(spare, 'object')} that nothing needs can no longer be read.`] as Text] : []),
    ...lost.slice(0, SHOWN).map((each): Text => [`Known to be lost: ${lostText(each)}`]),
  ];
  return lines.length > 0 ? [{ heading: 'Also', lines }] : [];
}
