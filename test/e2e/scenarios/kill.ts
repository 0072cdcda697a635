import type { Supervised } from '../../../sandbox/supervise.ts';
import type { CompanyBench } from '../company-bench.ts';

/** What dies together: the worker that carries the run, the process that only talks to Slack, or all of Holdfast. */
export const VICTIMS = ['worker', 'bot', 'both'] as const;
export type Victim = (typeof VICTIMS)[number];

/** SIGKILL to these, now. `worker` is the process that holds the run, by its own word in the journal. */
export function kill(bench: CompanyBench, which: Victim, worker: string | undefined): void {
  for (const role of victims(bench, which, worker)) role.kill('SIGKILL');
}

function victims({ company: { roles } }: CompanyBench, which: Victim, worker: string | undefined): Supervised[] {
  switch (which) {
    case 'both':
      return [...roles];
    case 'bot':
      return roles.filter(({ name }) => name.includes('-bot-'));
    case 'worker': {
      const carrying = roles.filter((role) => worker?.endsWith(`-${role.pid()}`));
      return carrying.length > 0 ? carrying : roles.filter(({ name }) => name.includes('-worker-'));
    }
  }
}
