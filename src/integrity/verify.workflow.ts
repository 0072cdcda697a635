import { z } from 'zod';
import { counted, DrError, formatBytes, type Text } from '#core';
import { listTimelines, type Vault } from '#vault';
import { defineWorkflow, notYet } from '#workflow';
import { CapturedFindings, NOTHING_CAPTURED } from './captured-findings.ts';
import { capturedText, stillLost } from './captured-words.ts';
import { ChosenBackup, chooseBackups, Which } from './choose-backups.ts';
import { percentOfHours, readableHours } from './choose-hours.ts';
import { Finding, readAndHeal } from './read-and-heal.ts';
import { type CapturedWorld, verifyCaptured } from './verify-captured.ts';

export interface IntegrityWorld extends CapturedWorld {
  readonly vault: Vault;
}

/** What a run of verify is given. */
export const VerifyInput = z.object({ which: Which });
export type VerifyInput = z.output<typeof VerifyInput>;

const Chosen = z.object({
  backups: z.array(ChosenBackup),
  /** Captured hours, about so many: what is read is chosen hour by hour. */
  hours: z.number().int().default(0),
});
const Findings = z.object({ findings: z.array(Finding) });
export type Findings = z.output<typeof Findings>;
const Judged = z.object({ whole: z.literal(true) });

/**
 * Reads backups and what was captured back, every copy in every region, and heals what is damaged from a region that is
 * whole. Nothing live is touched and nothing is removed, so it needs nobody and may be stopped or begun again at any time.
 */
export const verifyWorkflow = defineWorkflow<IntegrityWorld>()('verify', { input: VerifyInput, exclusive: 'verify' })
  .step('choose', {
    output: Chosen,
    says: () => ({ todo: 'Choose what is read', done: 'chosen' }),
    tells: ({ backups, hours }) => [
      ...(backups.length > 0 || hours === 0
        ? [`${counted(backups.length, 'backup')}, ${formatBytes(sumOf(backups))} in each region.`]
        : []),
      ...(hours > 0 ? [`${backups.length > 0 ? ' ' : ''}${counted(hours, 'captured hour')}.`] : []),
    ],
    observe: async () => notYet,
    run: async ({ world, input }) => {
      const hours = await hoursOf(world, input.which);
      return { backups: await chooseBackups(world.vault, input.which, hours > 0), hours };
    },
    timeoutMs: 10 * 60_000,
    retry: { times: 3, everyMs: 2_000 },
  })
  .step('read', {
    output: Findings,
    says: () => ({ todo: 'Read every copy back', done: 'every copy read back' }),
    tells: ({ findings }, { which }) => (which.kind === 'captured' ? [] : findingsText(findings)),
    // Reading again is harmless, and what was healed meanwhile is whole then.
    observe: async () => notYet,
    run: async ({ world, done, signal, report }) => {
      const { backups } = done.choose;
      const total = sumOf(backups);
      const findings: Finding[] = [];
      let bytes = 0;
      for (const { year, backup, storedBytes } of backups) {
        report({
          text: [
            `${findings.length} of ${counted(backups.length, 'backup')}, `,
            `${formatBytes(bytes)} of ${formatBytes(total)} in each region, now ${backup}`,
          ],
          share: total > 0 ? Math.min(0.99, bytes / total) : 0,
        });
        findings.push(await readAndHeal(world.vault, { year, backup }, signal));
        bytes += storedBytes;
      }
      return { findings };
    },
    timeoutMs: 24 * 3_600_000,
    retry: { times: 5, everyMs: 10_000 },
  })
  .step('captured', {
    output: CapturedFindings,
    says: () => ({ todo: 'Read what was captured back', done: 'what was captured read back' }),
    tells: (findings) => capturedText(findings),
    // What this run read already is remembered hour by hour.
    observe: async () => notYet,
    run: async ({ world, input, runId, signal, report }) => {
      const percent = percentOfHours(input.which);
      return percent === 0 ? NOTHING_CAPTURED : verifyCaptured(world, { run: runId, percent, signal, report });
    },
    timeoutMs: 24 * 3_600_000,
    retry: { times: 5, everyMs: 10_000 },
  })
  .step('judge', {
    output: Judged,
    says: () => ({ todo: 'Judge what was found', done: 'all of it can be restored' }),
    observe: async () => notYet,
    run: async ({ done }) => {
      const wrong = done.read.findings.filter(({ damage }) => damage.length > 0);
      const worst = wrong.find(({ restorable }) => !restorable) ?? wrong[0];
      if (worst) throw stillDamaged(worst, wrong.length);
      const problem = stillLost(done.captured);
      if (problem) throw problem;
      return { whole: true as const };
    },
    timeoutMs: 30_000,
    retry: { times: 0, everyMs: 1_000 },
  })
  .build();

async function hoursOf({ vault }: IntegrityWorld, which: Which): Promise<number> {
  const percent = percentOfHours(which);
  if (percent === 0) return 0;
  const hours = await readableHours(vault, await listTimelines(vault));
  return Math.ceil((hours.length * percent) / 100);
}

const sumOf = (backups: readonly ChosenBackup[]): number =>
  backups.reduce((sum, { storedBytes }) => sum + storedBytes, 0);

function findingsText(findings: readonly Finding[]): Text {
  const healed = findings.flatMap((finding) => finding.healed);
  const damaged = findings.filter(({ damage }) => damage.length > 0).length;
  return [
    `${counted(findings.length, 'backup')} read back.`,
    healed.length > 0 ? ` ${counted(healed.length, 'damaged copy', 'damaged copies')} healed.` : '',
    damaged > 0 ? ` Still damaged: ${damaged}.` : ' All whole.',
  ];
}

function stillDamaged({ backup, damage, restorable }: Finding, count: number): DrError {
  const [first] = damage;
  const where = first ? ` in ${first.region}, ${nameOf(first.segment)}: ${first.problem}` : '';
  const more = count > 1 ? ` ${count - 1} more of those read are damaged too.` : '';
  return new DrError('BACKUP_DAMAGED', 'permanent', `${backup} is damaged${where}${more}`, {
    hint: restorable
      ? `It can still be restored from another region, whose bucket did not take the copy: check the rights there, then /dr verify ${backup}`
      : 'It can not be restored. Take a new one now: /dr backup mongodb',
  });
}

/** `segments/2026/B-1123-0800/a1/documents-000003` as people say it: documents-000003. */
export const nameOf = (segment: string): string => segment.split('/').at(-1) ?? segment;
