import { servingRegions } from '#plan';
import type { Form } from '#ports';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** Asks for what `/dr failover` needs and was not given. */
export async function failoverForm(given: Readonly<Record<string, unknown>>, { plan }: HoldfastWorld): Promise<Form> {
  const regions = servingRegions(plan);
  const target = typeof given['region'] === 'string' ? given['region'] : undefined;
  const active = regions.find((region) => region !== target && plan.regions[region]?.role === 'primary');
  const holdAt = given['holdAt'];
  const initial = regions.find((region) => region === target);
  return {
    id: 'command:failover',
    title: 'Plan a failover',
    submit: 'Show preview',
    context: '',
    fields: [
      {
        kind: 'choice',
        id: 'region',
        label: 'Target',
        options: regions.map((region) => ({
          value: region,
          label: `${region} (${plan.regions[region]?.role.replaceAll('-', ' ') ?? ''})`,
        })),
        ...(initial ? { initial } : {}),
      },
      {
        kind: 'choice',
        // What is chosen is a flag of its own, see intake.ts.
        id: 'switch',
        label: 'Kind',
        options: [
          { value: 'planned', label: 'Planned: no write is lost' },
          { value: 'unplanned', label: `Unplanned: ${active ?? 'the active region'} is gone` },
        ],
        initial: given['unplanned'] === true ? 'unplanned' : 'planned',
      },
      // Typed before the form was opened; it would be lost on the way through it.
      ...(typeof holdAt === 'string'
        ? [
            {
              kind: 'choice' as const,
              id: 'hold-at',
              label: 'Hold',
              options: [{ value: holdAt, label: `before ${holdAt}`.slice(0, 75) }],
              initial: holdAt,
            },
          ]
        : []),
      { kind: 'line', id: 'reason', label: 'Reason', hint: 'One line. It goes into the record and to stakeholders.' },
    ],
  };
}
