import type { Eld } from '#sandbox/eld';
import type { Network } from '#sandbox/network';
import type { SlackWorkspace } from '#sandbox/slack';
import type { Aws } from './aws.ts';
import type { Reach } from './reach.ts';
import { REGIONS } from './regions.ts';

/** What runs outside of every region, reached from all of them; a region's door to S3 and KMS is that region's. */
export async function serveOutside(
  network: Network,
  { aws, slack, reach }: { readonly aws: Aws; readonly slack: SlackWorkspace; readonly reach: Reach },
): Promise<void> {
  const { sms, voice } = reach.phones.urls;
  for (const url of [slack.apiUrl, reach.pagerDuty.url, sms, voice]) await network.serve(portOf(url));
  // the control API of Route 53 has an address of its own, on no line between regions
  await network.serve(aws.dns.port);
  for (const region of REGIONS) await network.serve(aws.gateways[region].port, region);
  await network.place(reach.webhook.region).expose(reach.webhook.port);
}

/** Each region's API server, load balancer and detector that leases are renewed at, and the drivers. */
export async function serveEld(
  network: Network,
  { kubernetes, drivers }: Eld,
  leases: readonly { readonly region: string; readonly port: number }[],
): Promise<void> {
  for (const { region, port } of leases) await network.place(region).expose(port);
  for (const { region, server, servicePort } of kubernetes.clusters) {
    await network.serve(portOf(server), region);
    await network.serve(servicePort, region);
  }
  await network.serve(portOf(drivers.url));
}

const portOf = (url: string): number => Number(new URL(url).port);
