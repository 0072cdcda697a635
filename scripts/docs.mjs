/**
 * `npm run docs`: writes what documents say about the code from the code, between `<!-- name -->` and `<!-- /name -->`.
 * With `--check` it writes nothing and ends with 1 when a document is older than the code.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { commands } from '../commands/index.ts';
import { HOLDFAST_RULES } from '../sandbox/kubernetes/access.ts';
import {
  canaryWriter,
  operator,
  oplogTailer,
  otherClusterWriter,
  restoreWriter,
  snapshotReader,
} from '../sandbox/servers/privileges.ts';
import { AWS_ROLES, awsRights } from '../src/adapters/inspect/aws-rights.ts';
import { iamPolicy } from '../src/adapters/inspect/iam-policy.ts';
import { lifecycleRules } from '../src/adapters/inspect/lifecycle.ts';
import { whenWords } from '../src/chatops/index.ts';
import { variables } from '../src/config/index.ts';
import { ownCommands } from '../src/terminal/own-commands.ts';

const root = new URL('../', import.meta.url);
const plan = parse(readFileSync(new URL('plan.yaml', root), 'utf8'));
const fence = (language, text) => `\`\`\`${language}\n${text.trim()}\n\`\`\``;
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

function commandTable() {
  const asks = ({ role }) =>
    role.kind === 'everyone'
      ? 'everyone'
      : role.kind === 'responders'
        ? 'whoever has a role'
        : whoMay(plan.may_ask[role.rule]);
  const whoMay = (rule) =>
    Array.isArray(rule)
      ? rule.map((role) => plan.roster.roles[role].title).join(', ')
      : rule === 'responders'
        ? 'whoever has a role'
        : 'everyone';
  const approves = ({ approval }) => {
    const policy = approval.kind === 'plan' ? plan.approvals[approval.policy] : 'none';
    if (policy === 'none') return 'nobody';
    return policy.needs
      .map(({ any_of: roles }) => roles.map((role) => plan.roster.roles[role].title).join(' or '))
      .join(', and ');
  };
  const said = commands.map((command) => [
    `\`/dr ${`${command.name} ${command.usage}`.trim()}\``,
    command.summary,
    asks(command),
    [
      approves(command),
      ...(command.otherJobs ?? []).map((other) => `${whenWords(other.when)}: ${approves(other)}`),
    ].join('; '),
  ]);
  const own = ownCommands.map(({ name, usage, summary }) => [
    `\`dr ${`${name} ${usage}`.trim()}\``,
    summary,
    'terminal only',
    'nobody',
  ]);
  return table(['Command', 'What it does', 'Who asks', 'Who approves'], [...said, ...own]);
}

function environmentTable() {
  const rows = Object.values(variables).map(({ env, about, schema }) => {
    const unset = schema.safeParse(undefined);
    const value = unset.success && unset.data !== undefined ? `\`${String(unset.data)}\`` : '';
    return [`\`${env}\``, about, value];
  });
  return table(['Variable', 'What it is for', 'When not set'], rows);
}

function mongodbRoles() {
  const databases = plan.mongodb.databases;
  const roles = {
    'holdfast-snapshot': snapshotReader(databases),
    'holdfast-tailer': oplogTailer(),
    'holdfast-restore': restoreWriter(databases),
    'holdfast-operator': operator(),
    'holdfast-canary': canaryWriter(plan.mongodb.continuous.canary.database),
  };
  const create = Object.entries(roles).map(([role, privileges]) => createRole(role, privileges));
  const user = `db.createUser({ user: "holdfast", pwd: passwordPrompt(), roles: ${JSON.stringify(Object.keys(roles))} })`;
  return fence('js', ['use admin', ...create, user].join('\n'));
}

function createRole(role, privileges) {
  const rows = privileges.map((privilege) => `    ${JSON.stringify(privilege)}`).join(',\n');
  return `db.createRole({ role: ${JSON.stringify(role)}, roles: [], privileges: [\n${rows}\n] })`;
}

const otherClusterRole = () =>
  fence('js', ['use admin', createRole('holdfast-elsewhere', otherClusterWriter(plan.mongodb.databases))].join('\n'));

const kubernetesRole = () =>
  fence(
    'yaml',
    stringify({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'holdfast', namespace: plan.service.kubernetes.namespace },
      rules: HOLDFAST_RULES,
    }),
  );

const iamScope = {
  buckets: plan.mongodb.vault_buckets,
  switchBuckets: [...new Set(Object.values(plan.service.dns.switch ?? {}).map(({ bucket }) => bucket))],
  keyAlias: plan.mongodb.kms_key_alias,
  earlierAliases: plan.mongodb.keys.earlier_aliases,
};

/** What each role reads, writes and removes, by prefix, and what it does with keys. */
function iamRoles() {
  const under = (role, call) =>
    awsRights[role]
      .filter(({ calls, on }) => on.kind === 'objects' && calls.includes(call))
      .flatMap(({ on }) => on.under.map((prefix) => `\`${prefix}\``))
      .join(' ');
  const keys = (role) =>
    awsRights[role]
      .filter(({ on }) => on.kind === 'vault key')
      .map(
        ({ calls, on: { context } }) =>
          `${calls.map((call) => call.slice('kms:'.length))}${context.key ? ` ${context.key}` : ''}`,
      )
      .join(', ');
  const rows = AWS_ROLES.map((role) => [
    `[${role}](iam/${role}.json)`,
    under(role, 's3:GetObject'),
    under(role, 's3:PutObject'),
    under(role, 's3:DeleteObjectVersion'),
    keys(role),
  ]);
  return table(['Role', 'Reads', 'Writes', 'Removes', 'KMS'], rows);
}

/** Whole files that are made of the code. */
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const files = {
  ...Object.fromEntries(AWS_ROLES.map((role) => [`docs/iam/${role}.json`, json(iamPolicy(role, iamScope))])),
  'docs/lifecycle.json': json({ Rules: lifecycleRules(plan.mongodb.storage_classes.map((each) => each.class)) }),
};

const parts = {
  'README.md': { commands: commandTable },
  'docs/operations.md': {
    environment: environmentTable,
    'mongodb-roles': mongodbRoles,
    'other-cluster-role': otherClusterRole,
    'kubernetes-role': kubernetesRole,
    'iam-roles': iamRoles,
  },
};

const checking = process.argv.includes('--check');
const stale = [];
for (const [file, makers] of Object.entries(parts)) {
  const path = new URL(file, root);
  const before = readFileSync(path, 'utf8');
  let after = before;
  for (const [name, make] of Object.entries(makers)) {
    const between = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!between.test(after)) throw new Error(`${file} has no place for ${name}.`);
    after = after.replace(between, (_, begin, end) => `${begin}\n${make()}\n\n${end}`);
  }
  if (after === before) continue;
  stale.push(file);
  if (!checking) writeFileSync(path, after);
}
for (const [file, text] of Object.entries(files)) {
  const path = new URL(file, root);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  stale.push(file);
  if (checking) continue;
  mkdirSync(new URL('.', path), { recursive: true });
  writeFileSync(path, text);
}
for (const name of readdirSync(new URL('docs/iam/', root))) {
  if (`docs/iam/${name}` in files) continue;
  stale.push(`docs/iam/${name}`);
  if (!checking) rmSync(new URL(`docs/iam/${name}`, root));
}
if (stale.length > 0)
  console.log(
    checking ? `Older than the code: ${stale.join(', ')}. Run: npm run docs` : `Written: ${stale.join(', ')}`,
  );
process.exitCode = checking && stale.length > 0 ? 1 : 0;
