export { type KubernetesOptions, kubernetesClusters } from './kubernetes-clusters.ts';
