import type { Finding } from './finding.ts';
import type { PlanSections } from './sections.ts';

const POLICY = 'restore-on';

/**
 * Clusters that a restore may go to: each name once, and never without the security role's consent, because what is
 * restored there is out of the protected cluster's keeping. Found when the plan is read, not when somebody asks.
 */
export function checkOtherClusters({ mongodb, approvals, contacts }: PlanSections): Finding[] {
  const clusters = mongodb?.restore.clusters ?? [];
  const twice = clusters.flatMap(({ name }, index): Finding[] =>
    clusters.findIndex((other) => other.name === name) === index
      ? []
      : [
          {
            path: ['mongodb', 'restore', 'clusters', index, 'name'],
            at: 'value',
            sentence: `"${name}" is named twice.`,
          },
        ],
  );
  const scratch = clusters.flatMap(({ name }, index): Finding[] =>
    name === 'scratch'
      ? [
          {
            path: ['mongodb', 'restore', 'clusters', index, 'name'],
            at: 'value',
            sentence: '"scratch" stands for a server that a restore starts itself.',
          },
        ]
      : [],
  );
  const found = [...twice, ...scratch];
  if ((clusters.length === 0 && !mongodb?.restore.scratch) || !approvals || !contacts) return found;
  const policy = approvals[POLICY];
  const asks =
    policy !== undefined &&
    policy !== 'none' &&
    policy.needs.some(({ anyOf }) => anyOf.every((role) => role === contacts.securityRole));
  if (asks) return found;
  const sentence = `must need ${contacts.securityRole} alone in one place: mongodb.restore lets data leave the protected cluster.`;
  const path = policy === undefined ? ['approvals'] : ['approvals', POLICY];
  return [
    ...found,
    { path, at: 'value', sentence: policy === undefined ? `${POLICY} is missing: it ${sentence}` : sentence },
  ];
}
