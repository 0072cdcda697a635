import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { defineCommand } from '#chatops';
import { Region } from '#core';

const define = defineCommand<{ readonly clockwork: true }>();
const args = z.object({ region: Region, quick: z.boolean().default(false) });
const described = { name: 'move', summary: 'x', usage: '<region>', group: 'Move', examples: [] } as const;
const does = { kind: 'answers', answer: async () => ({ push: '', parts: [] }) } as const;
const rules = { role: { kind: 'responders' }, approval: { kind: 'none' } } as const;

test('a command sees its own arguments and world, with their types', () => {
  define({
    ...described,
    ...rules,
    args,
    words: ['region'],
    switches: ['quick'],
    does: {
      kind: 'answers',
      answer: async (given, asked, world) => {
        expectTypeOf(given.region).toEqualTypeOf<Region>();
        expectTypeOf(given.quick).toEqualTypeOf<boolean>();
        expectTypeOf(world.clockwork).toEqualTypeOf<true>();
        return { push: asked.name, parts: [] };
      },
    },
  });
});

test('a command without role or without approval does not compile: "none" is written out', () => {
  const { role, approval } = rules;
  // @ts-expect-error role is required
  define({ ...described, approval, args, words: ['region'], switches: [], does });
  // @ts-expect-error approval is required
  define({ ...described, role, args, words: ['region'], switches: [], does });
  // @ts-expect-error there is no such rule
  define({ ...described, role: { kind: 'anybody' }, approval, args, words: ['region'], switches: [], does });
  // @ts-expect-error a policy has a name in plan.yaml
  define({ ...described, role, approval: { kind: 'plan' }, args, words: ['region'], switches: [], does });
});

test('words and switches that are no arguments do not compile', () => {
  // @ts-expect-error target is no argument
  define({ ...described, ...rules, args, words: ['target'], switches: [], does });
  // @ts-expect-error loud is no argument
  define({ ...described, ...rules, args, words: ['region'], switches: ['loud'], does });
});
