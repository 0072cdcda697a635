import { kubernetesClusters } from '#adapters/kubernetes';
import type { Config } from '#config';
import { type Plan, servingRegions } from '#plan';
import type { Check } from './check.ts';

/**
 * Each region's cluster, by what Holdfast will do there and nothing that changes anything: a scaling that the API server
 * goes through without doing it, and a patch without content.
 */
export function clusterChecks({ kubeconfigPath }: Config, plan: Plan): Check[] {
  if (!kubeconfigPath) return [];
  const { namespace, deployment, configMap } = plan.service.kubernetes;
  return servingRegions(plan).map(
    (region): Check => ({
      name: `Kubernetes ${region}`,
      fix: `The Role of docs/operations.md in namespace ${namespace}, and a context named ${region} in KUBECONFIG.`,
      look: async () => {
        const clusters = kubernetesClusters({
          kubeconfig: kubeconfigPath,
          namespace,
          deployment,
          configMap: configMap.name,
        });
        const { wanted, ready } = await clusters.replicas(region);
        await clusters.rehearseScale(region, wanted);
        await clusters.configuration(region);
        await clusters.configure(region, {});
        return `${ready} of ${wanted} ${deployment} ready; may scale, may change ${configMap.name}`;
      },
    }),
  );
}
