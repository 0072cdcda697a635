import { expect, test } from 'vitest';
import { parseCommand } from '#chatops';
import { commands } from '#commands';
import { jobs } from '#jobs';
import { parsePlan } from '#plan';
import { eldText } from '../plan/eld-plan.ts';

const { plan } = parsePlan(eldText, 'plan.yaml');

test('no two commands have the same name', () => {
  const names = commands.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test.each(commands.map((command) => [command.name, command] as const))(
  '%s: its examples are understood as itself, its role and approval are in the plan',
  (name, command) => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) {
      const parsed = parseCommand(example.replace(/^\/dr ?/, ''), commands);
      expect([parsed.command.name, parsed.kind], example).toEqual([name, 'ready']);
    }
    // a line of /dr help may leave out what a form asks for
    for (const line of command.inHelp ?? []) {
      const parsed = parseCommand(line.replace(/^\/dr ?/, ''), commands);
      expect([parsed.command.name, parsed.kind === 'ready' || command.form !== undefined], line).toEqual([name, true]);
    }
    if (command.role.kind === 'plan') expect(plan.mayAsk).toHaveProperty([command.role.rule]);
    if (command.approval.kind === 'plan') expect(plan.approvals).toHaveProperty([command.approval.policy]);
    // What starts a run has a job of the same name; everything else answers and changes nothing by itself.
    if (command.does.kind === 'runs') expect(jobs.map((job) => job.name)).toContain(name.replaceAll(' ', '-'));
    for (const { when, job, role, approval } of command.otherJobs ?? []) {
      expect(Object.keys(command.args.shape)).toContain(when.kind === 'flag' ? when.flag : when.region);
      expect(jobs.map((each) => each.name)).toContain(job);
      if (role.kind === 'plan') expect(plan.mayAsk).toHaveProperty([role.rule]);
      if (approval.kind === 'plan') expect(plan.approvals).toHaveProperty([approval.policy]);
    }
  },
);
