/**
 * A Kubernetes API for the sandbox: there is no cluster on one machine, so this plays API server, deployment controller,
 * kubelet and load balancer for one deployment a region. The instances behind it are real processes. It refuses what
 * the real one refuses, in its words.
 */
export { type Account, HOLDFAST_RULES, POD_RULES, READER_RULES, type Rule, type Tokens } from './access.ts';
export { type Cluster, CONFIG_MAP, DEPLOYMENT, NAMESPACE } from './cluster.ts';
export type { PodOrder, RunningPod, RunPod } from './pods.ts';
export { QUOTA_NAME } from './rollout-status.ts';
export { type Kubernetes, type KubernetesOptions, startKubernetes } from './start-kubernetes.ts';
