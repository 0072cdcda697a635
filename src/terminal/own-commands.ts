import type { OwnCommand } from './own-command.ts';

export const ownCommands: readonly OwnCommand[] = [
  {
    name: 'doctor',
    usage: '',
    summary: 'Every dependency, right and setting, and how to mend it',
    run: async (_words, context) => (await import('./doctor/doctor.ts')).runDoctor(context),
  },
  {
    name: 'plan check',
    usage: '[path]',
    summary: 'Mistakes in plan.yaml, without starting anything',
    run: async (words, context) => (await import('./plan-check.ts')).runPlanCheck(words, context),
  },
  {
    name: 'oncall import',
    usage: '<file.ics> --role <role> [--name <calendar>]',
    summary: "A role's shifts from a calendar; again, and they are what the calendar has then",
    run: async (words, context) => (await import('./oncall-import.ts')).runOncallImport(words, context),
  },
  {
    name: 'slack manifest',
    usage: '[--url https://...]',
    summary: "The Slack app's manifest, to paste where Slack makes apps",
    run: async (words, context) => (await import('./slack-manifest.ts')).runSlackManifest(words, context),
  },
  {
    name: 'dns prepare',
    usage: '[--make]',
    summary:
      "What turning drivers away without Route 53's control API still lacks; makes its health checks with --make",
    run: async (words, context) => (await import('./dns-prepare.ts')).runDnsPrepare(words, context),
  },
  {
    name: 'login',
    usage: '[--for "Name"] [--days 90] [--revoke] [--authenticator]',
    summary: 'Your personal token for this terminal, and your authenticator',
    run: async (words, context) => (await import('./login/login.ts')).runLogin(words, context),
  },
];

/** The own command these words begin with, the longest name first; and what follows its name. */
export function ownCommandOf(words: readonly string[]): { command: OwnCommand; rest: readonly string[] } | undefined {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ').toLowerCase();
    const command = ownCommands.find((each) => each.name === name);
    if (command && words.length >= length) return { command, rest: words.slice(length) };
  }
  return undefined;
}
