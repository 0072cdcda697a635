import type { Pod } from './pods.ts';
import { templateHash } from './pods.ts';
import type { Condition, Deployment, DeploymentStatus } from './shapes.ts';

export const QUOTA_NAME = 'eld-quota';

/** The `status` of a deployment with these pods, conditions included. */
export function rolloutStatus(
  deployment: Deployment,
  pods: readonly Pod[],
  capacity: number,
  podsInRegion: number,
): DeploymentStatus {
  const hash = templateHash(deployment);
  const { replicas } = deployment.spec;
  const live = pods.filter(({ state }) => state !== 'ended' && state !== 'stopping');
  const updated = live.filter((pod) => pod.hash === hash);
  const ready = live.filter((pod) => pod.ready).length;
  const unavailable = Math.max(0, replicas - ready);
  // the default of 25 % that may be away
  const enough = ready >= replicas - Math.floor(replicas / 4);
  const short = updated.length < replicas && podsInRegion >= capacity;
  const done = updated.length === replicas && ready === replicas && live.length === replicas;
  const name = deployment.metadata.name;
  const conditions: Omit<Condition, 'lastUpdateTime' | 'lastTransitionTime'>[] = [
    enough
      ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
      : condition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'),
    done
      ? condition(
          'Progressing',
          'True',
          'NewReplicaSetAvailable',
          `ReplicaSet "${name}-${hash}" has successfully progressed.`,
        )
      : condition('Progressing', 'True', 'ReplicaSetUpdated', `ReplicaSet "${name}-${hash}" is progressing.`),
  ];
  if (short) {
    const refusal = `pods "${name}-${hash}-" is forbidden: exceeded quota: ${QUOTA_NAME}, requested: pods=1, used: pods=${podsInRegion}, limited: pods=${capacity}`;
    conditions.push(condition('ReplicaFailure', 'True', 'FailedCreate', refusal));
  }
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    replicas: live.length,
    updatedReplicas: updated.length,
    readyReplicas: ready,
    availableReplicas: ready,
    ...(unavailable === 0 ? {} : { unavailableReplicas: unavailable }),
    conditions: conditions.map((one) => withTimes(one, deployment.status.conditions)),
  };
}

const condition = (type: string, status: 'True' | 'False', reason: string, message: string) => ({
  type,
  status,
  reason,
  message,
});

/** A condition keeps its times while it says the same, or every look would count as a change. */
function withTimes(
  one: Omit<Condition, 'lastUpdateTime' | 'lastTransitionTime'>,
  before: readonly Condition[],
): Condition {
  const now = new Date().toISOString().replace(/[.]\d+/, '');
  const old = before.find(({ type }) => type === one.type);
  const same = old?.status === one.status;
  const { type, status, reason, message } = one;
  return {
    type,
    status,
    reason,
    message,
    lastUpdateTime: same && old.reason === reason && old.message === message ? old.lastUpdateTime : now,
    lastTransitionTime: same ? old.lastTransitionTime : now,
  };
}

export const NO_STATUS: DeploymentStatus = {
  observedGeneration: 0,
  replicas: 0,
  updatedReplicas: 0,
  readyReplicas: 0,
  availableReplicas: 0,
  conditions: [],
};
