import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  type HealthCheck,
  type HealthCheckConfig,
  paginateListHealthChecks,
  type ResourceRecordSet,
  type Route53Client,
  UpdateHealthCheckCommand,
} from '@aws-sdk/client-route-53';
import type { Region } from '#core';
import { type SwitchAddress, TURNED_AWAY } from '../dns-switch/index.ts';
import { translated } from './route53-errors.ts';

/** What Route 53 accepts as the shortest interval, in seconds; a switch is for minutes that count. */
const FAST_SECONDS = 10;

export interface WantedSwitch {
  readonly region: Region;
  readonly address: SwitchAddress;
}

/** How one region's record stands to its switch. */
export interface SwitchStanding {
  readonly region: Region;
  readonly state: /** Its health check is the service's and the switch's together. */
    | 'ready'
    /** It has a health check that does not heed the switch. */
    | 'without-switch'
    /** It has none: Route 53 sends drivers there whatever happens. */
    | 'without-check'
    /** The switch that it heeds is looked for at another address. */
    | 'other-address';
}

/** The check that watches the object. Inverted: what is found there makes the region unwell, and no answer changes nothing. */
export function switchCheck({ tls, host, port, path }: SwitchAddress): HealthCheckConfig {
  const isAddress = /^[\d.]+$/.test(host);
  return {
    Type: tls ? 'HTTPS_STR_MATCH' : 'HTTP_STR_MATCH',
    ...(isAddress ? { IPAddress: host } : { FullyQualifiedDomainName: host }),
    Port: port,
    ResourcePath: path,
    SearchString: TURNED_AWAY,
    Inverted: true,
    RequestInterval: FAST_SECONDS,
    // one answer is enough: nothing but our own object says so
    FailureThreshold: 1,
    ...(tls ? { EnableSNI: true } : {}),
  };
}

/** Every health check of the account, by id. Throws DNS_UNAVAILABLE (transient), DNS_REFUSED (permanent). */
export async function readHealthChecks(client: Route53Client): Promise<ReadonlyMap<string, HealthCheck>> {
  const found = new Map<string, HealthCheck>();
  try {
    for await (const page of paginateListHealthChecks({ client, pageSize: 100 }, {})) {
      for (const check of page.HealthChecks ?? []) if (check.Id !== undefined) found.set(check.Id, check);
    }
  } catch (thrown) {
    throw translated(thrown, 'list the health checks', 'ListHealthChecks');
  }
  return found;
}

/** The checks that a record's own is made of; itself when it is no calculated one. */
function partsOf(record: ResourceRecordSet, checks: ReadonlyMap<string, HealthCheck>): readonly HealthCheck[] {
  const own = checks.get(record.HealthCheckId ?? '');
  if (own?.HealthCheckConfig?.Type !== 'CALCULATED') return own ? [own] : [];
  return (own.HealthCheckConfig.ChildHealthChecks ?? []).flatMap((id) => checks.get(id) ?? []);
}

export function standingOf(
  { region, address }: WantedSwitch,
  record: ResourceRecordSet,
  checks: ReadonlyMap<string, HealthCheck>,
): SwitchStanding {
  const own = checks.get(record.HealthCheckId ?? '')?.HealthCheckConfig;
  if (!own) return { region, state: 'without-check' };
  const parts = partsOf(record, checks);
  const watching = parts.find(isSwitchCheck);
  // fewer than all would let a region serve that was turned away
  const heeds = own.Type === 'CALCULATED' && own.HealthThreshold === parts.length && !own.Inverted && !own.Disabled;
  if (!watching || !heeds) return { region, state: 'without-switch' };
  return { region, state: leadsTo(watching.HealthCheckConfig, address) ? 'ready' : 'other-address' };
}

const isSwitchCheck = ({ HealthCheckConfig: config }: HealthCheck): boolean =>
  config?.SearchString === TURNED_AWAY && config.Inverted === true && config.Disabled !== true;

function leadsTo(config: HealthCheckConfig | undefined, address: SwitchAddress): boolean {
  const wanted = switchCheck(address);
  return (['Type', 'IPAddress', 'FullyQualifiedDomainName', 'Port', 'ResourcePath'] as const).every(
    (key) => (config?.[key] || undefined) === wanted[key],
  );
}

/**
 * Gives one record a health check that heeds its switch: both the record's own check, when it has one, and the switch. Keeps
 * weight and address. Idempotent: what is there already is used, what has another address is led to the right one.
 * @param fresh a reference that was never used, of 64 characters at most: Route 53 remembers those of deleted checks
 */
export async function heedSwitch(
  client: Route53Client,
  zoneId: string,
  wanted: WantedSwitch,
  record: ResourceRecordSet,
  fresh: () => string,
): Promise<void> {
  const checks = await readHealthChecks(client);
  if (standingOf(wanted, record, checks).state === 'ready') return;
  const parts = partsOf(record, checks);
  const right = (check: HealthCheck): boolean =>
    isSwitchCheck(check) && leadsTo(check.HealthCheckConfig, wanted.address);
  const watching = parts.find(isSwitchCheck) ?? [...checks.values()].find(right);
  const switchId = watching?.Id ?? (await create(client, fresh(), switchCheck(wanted.address)));
  if (watching?.Id !== undefined && !right(watching)) await update(client, watching.Id, switchCheck(wanted.address));
  const others = parts.flatMap((part) => (part.Id === undefined || isSwitchCheck(part) ? [] : [part.Id]));
  const children = [...others, switchId];
  const known = [...checks.values()].find(
    ({ HealthCheckConfig: config }) =>
      config?.Type === 'CALCULATED' &&
      config.HealthThreshold === children.length &&
      JSON.stringify(config.ChildHealthChecks?.toSorted()) === JSON.stringify(children.toSorted()),
  );
  const both =
    known?.Id ??
    (await create(client, fresh(), {
      Type: 'CALCULATED',
      ChildHealthChecks: children,
      HealthThreshold: children.length,
    }));
  const change = new ChangeResourceRecordSetsCommand({
    HostedZoneId: zoneId,
    ChangeBatch: {
      Comment: 'Holdfast',
      Changes: [{ Action: 'UPSERT', ResourceRecordSet: { ...record, HealthCheckId: both } }],
    },
  });
  await client.send(change).catch((thrown: unknown) => {
    throw translated(thrown, 'give a record its health check', 'ChangeResourceRecordSets');
  });
}

async function create(client: Route53Client, reference: string, config: HealthCheckConfig): Promise<string> {
  const command = new CreateHealthCheckCommand({ CallerReference: reference, HealthCheckConfig: config });
  const answer = await client.send(command).catch((thrown: unknown) => {
    throw translated(thrown, 'create a health check', 'CreateHealthCheck');
  });
  return answer.HealthCheck?.Id ?? '';
}

async function update(client: Route53Client, id: string, config: HealthCheckConfig): Promise<void> {
  // Type and interval can't be changed, and are the same
  const { Type: _type, RequestInterval: _interval, ...changed } = config;
  await client.send(new UpdateHealthCheckCommand({ HealthCheckId: id, ...changed })).catch((thrown: unknown) => {
    throw translated(thrown, 'lead a health check elsewhere', 'UpdateHealthCheck');
  });
}
