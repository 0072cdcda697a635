import { bold, mention, say } from '#core';
import type { Card } from '#ports';
import type { Flow } from '../flow.ts';
import type { RequestRecord } from '../request-record.ts';
import { card, lines } from './parts.ts';

/** `Why these people?`: the plan's rule, and who it leaves. */
export function whyCard<World>(request: RequestRecord, flow: Flow<World>): Card {
  const excluded = request.asker.person
    ? say`${mention(request.asker.person)} asked, so others must approve.`
    : ['Whoever asks can not approve.'];
  return card(`Why these people approve ${request.id}`, [
    lines(
      [bold(`Why these people approve ${request.id}`)],
      [`plan.yaml, approvals: ${request.needs.map(({ label }) => label).join(', and ')}, each another person.`],
      excluded,
      ...request.needs.map(({ label, eligible }) => [
        `${label}: ${eligible.map((person) => flow.roster.name(person)).join(', ') || 'nobody'}`,
      ]),
      ['To change it: an Incident Commander changes plan.yaml.'],
    ),
  ]);
}
