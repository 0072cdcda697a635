export { type Route53Dns, type Route53Options, route53Dns } from './route53-dns.ts';
export type { SwitchStanding, WantedSwitch } from './switch-checks.ts';
