import { z } from 'zod';
import { Region } from '#core';
import {
  ByRegion,
  CacheUrls,
  Email,
  HttpUrl,
  MongoUri,
  Path,
  Port,
  RedisUrl,
  SecretKey,
  SecretServiceUrl,
  SecretsByRegion,
  SecretText,
  SecretTexts,
  ServiceUrl,
  ServiceUrlByHost,
  Switch,
  UrlByRegion,
} from './kinds.ts';

/**
 * Every variable Holdfast reads: under which name, what it may hold, what it is for (shown when it is missing, and in
 * the operations guide). Unset and empty are the same.
 */
export const variables = {
  slackApiUrl: {
    env: 'SLACK_API_URL',
    about: 'Where the Slack Web API answers. Anything that speaks it will do.',
    schema: ServiceUrl.default('https://slack.com/api/'),
  },
  slackBotToken: {
    env: 'SLACK_BOT_TOKEN',
    about: "The app's bot token.",
    schema: SecretText('xoxb-').optional(),
  },
  slackAppToken: {
    env: 'SLACK_APP_TOKEN',
    about: "The app's own token with connections:write, for SLACK_MODE=socket.",
    schema: SecretText('xapp-').optional(),
  },
  slackSigningSecret: {
    env: 'SLACK_SIGNING_SECRET',
    about: 'Proves that a payload comes from Slack, for SLACK_MODE=http.',
    schema: SecretText().optional(),
  },
  slackMode: {
    env: 'SLACK_MODE',
    about: 'How payloads arrive: over a socket we open, or by http to PORT.',
    schema: z.enum(['socket', 'http'], { error: 'socket or http' }).default('socket'),
  },
  port: { env: 'PORT', about: 'Where we listen for Slack with SLACK_MODE=http.', schema: Port.default(3000) },
  pagerdutyEventsUrl: {
    env: 'PAGERDUTY_EVENTS_URL',
    about: 'Where PagerDuty takes events (v2).',
    schema: ServiceUrl.default('https://events.pagerduty.com'),
  },
  pagerdutyApiUrl: {
    env: 'PAGERDUTY_API_URL',
    about: "Where PagerDuty's REST API answers.",
    schema: ServiceUrl.default('https://api.pagerduty.com'),
  },
  pagerdutyToken: {
    env: 'PAGERDUTY_TOKEN',
    about: "PagerDuty's REST API: who acknowledged, and calling people besides those on call. With write access.",
    schema: SecretText().optional(),
  },
  pagerdutyFrom: {
    env: 'PAGERDUTY_FROM',
    about: "E-mail of the PagerDuty user in whose name people are called; not needed with a user's own token.",
    schema: Email.optional(),
  },
  pagerdutyRoutingKey: {
    env: 'PAGERDUTY_ROUTING_KEY',
    about: "The integration key of the plan's PagerDuty service.",
    schema: SecretText().optional(),
  },
  pagerdutyWebhookSecrets: {
    env: 'PAGERDUTY_WEBHOOK_SECRET',
    about: 'Proves that a webhook comes from PagerDuty. Two with a comma between while it is changed.',
    schema: SecretTexts(2).optional(),
  },
  webhookPort: {
    env: 'HOLDFAST_WEBHOOK_PORT',
    about: "Where we listen for PagerDuty's webhooks, at /pagerduty. Not set: acknowledgements are only asked for.",
    schema: Port.optional(),
  },
  leasePort: {
    env: 'HOLDFAST_LEASE_PORT',
    about:
      "Where a detector listens for the service's instances that renew their region's lease; docs/region-leases.md.",
    schema: Port.optional(),
  },
  leaseSecrets: {
    env: 'HOLDFAST_LEASE_SECRETS',
    about:
      'What instances prove their region with: us-east-1=SECRET,us-west-2=SECRET. A region twice while its own is changed.',
    schema: SecretsByRegion.optional(),
  },
  smsUri: {
    env: 'HOLDFAST_SMS_URL',
    about: 'The gateway for SMS; docs/notify-gateway.md says what it speaks.',
    schema: SecretServiceUrl.optional(),
  },
  voiceUri: {
    env: 'HOLDFAST_VOICE_URL',
    about: 'The gateway that telephones and reads out.',
    schema: SecretServiceUrl.optional(),
  },
  emailUri: { env: 'HOLDFAST_EMAIL_URL', about: 'The gateway for e-mail.', schema: SecretServiceUrl.optional() },
  notifyWebhookUri: {
    env: 'HOLDFAST_NOTIFY_WEBHOOK_URL',
    about: 'A gateway for anything else.',
    schema: SecretServiceUrl.optional(),
  },
  gatewaySecret: {
    env: 'HOLDFAST_GATEWAY_SECRET',
    about: 'Signs what we send to the gateways, which have it too.',
    schema: SecretText().optional(),
  },
  mongodbUri: {
    env: 'MONGODB_URI',
    about: 'The protected replica set, as a user with the rights in docs/operations.',
    schema: MongoUri.optional(),
  },
  controlMongodbUri: {
    env: 'CONTROL_MONGODB_URI',
    about: "Holdfast's own state. Never the replica set it protects.",
    schema: MongoUri.optional(),
  },
  redisUrl: {
    env: 'REDIS_URL',
    about: 'Wakes workers. Nothing is lost without it, it only takes longer.',
    schema: RedisUrl.optional(),
  },
  awsEndpointUrl: {
    env: 'AWS_ENDPOINT_URL',
    about: 'Where S3, Route 53 and KMS answer, if not at Amazon. For one region: HOLDFAST_AWS_ENDPOINT_US_EAST_1.',
    schema: ServiceUrl.optional(),
  },
  kubeconfigPath: {
    env: 'KUBECONFIG',
    about: 'Path of a kubeconfig with one context a region, named like the region.',
    schema: Path.optional(),
  },
  planPath: { env: 'HOLDFAST_PLAN', about: 'Path of the plan.', schema: Path.default('plan.yaml') },
  region: {
    env: 'HOLDFAST_REGION',
    about: 'The region this process runs in.',
    schema: Region.optional(),
  },
  logLevel: {
    env: 'HOLDFAST_LOG_LEVEL',
    about: 'From which level on log lines are written.',
    schema: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
        error: 'one of trace, debug, info, warn, error, silent',
      })
      .default('info'),
  },
  trustAs: {
    env: 'HOLDFAST_TRUST_AS',
    about: "Lets the terminal's --as name anybody. Off where the machine is shared: then only a personal token counts.",
    schema: Switch.default(false),
  },
  token: {
    env: 'HOLDFAST_TOKEN',
    about: 'Your personal token for the terminal, from dr login.',
    schema: SecretText().optional(),
  },
  tokenPath: {
    env: 'HOLDFAST_TOKEN_FILE',
    about: 'Where dr login keeps the personal token.',
    schema: Path.optional(),
  },
  approvalKeyPath: {
    env: 'HOLDFAST_APPROVAL_KEY',
    about: 'Path of the ed25519 private key (PEM) that signs approvals. Only the bot and the terminal have it.',
    schema: Path.optional(),
  },
  approvalPublicKeyPath: {
    env: 'HOLDFAST_APPROVAL_PUBLIC_KEY',
    about: 'Path of the public key (PEM) that workers check approvals with.',
    schema: Path.optional(),
  },
  stepUpKey: {
    env: 'HOLDFAST_STEP_UP_KEY',
    about: 'Seals the secrets of authenticators in the control store.',
    schema: SecretKey.optional(),
  },
  memberAgents: {
    env: 'HOLDFAST_MEMBER_AGENTS',
    about: "Agents on the machines of the database's members, by member; docs/member-agent.md says what they speak.",
    schema: ServiceUrlByHost.optional(),
  },
  memberAgentSecret: {
    env: 'HOLDFAST_MEMBER_AGENT_SECRET',
    about: 'Signs orders to these agents, and questions; they have it too. Only workers need it.',
    schema: SecretText().optional(),
  },
  memberAgentReadSecret: {
    env: 'HOLDFAST_MEMBER_AGENT_READ_SECRET',
    about: 'Signs questions to these agents and nothing else: enough for bots and detectors.',
    schema: SecretText().optional(),
  },
  mongodPath: {
    env: 'HOLDFAST_MONGOD',
    about: 'Path of a mongod that a restore may start for itself (--on scratch), where PATH has none or another.',
    schema: Path.optional(),
  },
  spoolPath: {
    env: 'HOLDFAST_SPOOL_DIR',
    about: 'Where payloads wait, on disk, while the control store does not answer.',
    schema: Path.default('.spool'),
  },
  vaultBuckets: {
    env: 'HOLDFAST_VAULT_BUCKETS',
    about: "The vault's bucket in each region, where the plan's names do not exist.",
    schema: ByRegion.optional(),
  },
  acknowledgedWritesUrl: {
    env: 'HOLDFAST_ACKNOWLEDGED_WRITES_URL',
    about: "Replaces the plan's address of the writes that clients hold an acknowledgement for.",
    schema: HttpUrl.optional(),
  },
  healthUrls: {
    env: 'HOLDFAST_HEALTH_URLS',
    about: "Replaces the plan's addresses where a region's service says whether it works.",
    schema: UrlByRegion.optional(),
  },
  cacheUris: {
    env: 'HOLDFAST_CACHE_URLS',
    about: 'Where the caches that the plan names are, with their passwords: sessions@us-east-1=rediss://...',
    schema: CacheUrls.optional(),
  },
  statsUrl: {
    env: 'HOLDFAST_STATS_URL',
    about: "Replaces the plan's address of what clients see now.",
    schema: HttpUrl.optional(),
  },
  publicUrl: {
    env: 'HOLDFAST_PUBLIC_URL',
    about: 'Where links in pages lead to.',
    schema: HttpUrl.optional(),
  },
} as const satisfies Record<string, { env: string; about: string; schema: z.ZodType }>;

export type VariableKey = keyof typeof variables;
