import { SWITCH_PREFIX } from '../dns-switch/switch-object.ts';
import {
  type AwsRight,
  type AwsRole,
  awsRights,
  BESIDE_ANOTHER,
  BOTH,
  type KeyContextRule,
  NEVER,
  NEVER_OPENS,
  NEVER_REMOVES,
} from './aws-rights.ts';

type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export interface IamStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Condition;
}

export interface IamPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly IamStatement[];
}

/** What of the plan a policy names. */
export interface IamScope {
  /** By region. */
  readonly buckets: Readonly<Record<string, string>>;
  /** Of the objects that turn drivers away, each once. */
  readonly switchBuckets: readonly string[];
  readonly keyAlias: string;
  readonly earlierAliases: readonly string[];
}

/**
 * A role's policy, for IAM as it is but for two words: ACCOUNT is the account's number, ZONE the hosted zone's id. Keys
 * are named by alias, so that the policy stays right when a region's key is replaced.
 */
export function iamPolicy(role: AwsRole, scope: IamScope): IamPolicy {
  const rights = awsRights[role];
  const does = (call: string): boolean => rights.some(({ calls }) => calls.includes(call));
  return {
    Version: '2012-10-17',
    Statement: [
      ...rights
        .map((right) => allow(right, scope))
        // IAM takes no statement about nothing
        .filter(({ Resource }) => Resource.length > 0),
      ...(BESIDE_ANOTHER.has(role) ? [] : refusals(role, does)),
      {
        ...deny('OnlyOverTls', ['s3:*'], ['*']),
        Condition: { Bool: { 'aws:SecureTransport': ['false'] } },
      },
    ],
  };
}

/** Everywhere: naming the buckets once more would not fit into the 6,144 characters of a policy. */
function refusals(role: AwsRole, does: (call: string) => boolean): IamStatement[] {
  const removes = NEVER_REMOVES.filter((call) => !does(call));
  if (!BOTH.roles.some((each) => each === role)) {
    return [
      deny('Never', [...NEVER, ...removes], ['*']),
      ...(does('kms:Decrypt') ? [] : [deny('NeverOpen', NEVER_OPENS, ['*'])]),
    ];
  }
  const notTagged = { Condition: { StringNotEquals: { [`aws:PrincipalTag/${BOTH.tag}`]: [BOTH.value] } } };
  const [markers, versions] = [removes.filter(isMarker), removes.filter((call) => !isMarker(call))];
  return [
    deny('Never', [...NEVER, ...markers], ['*']),
    ...(versions.length > 0 ? [{ ...deny('NeverRemove', versions, ['*']), ...notTagged }] : []),
    ...(does('kms:Decrypt') ? [] : [{ ...deny('NeverOpen', NEVER_OPENS, ['*']), ...notTagged }]),
  ];
}

/** A delete without a version hides a backup behind a marker: that is nobody's to do. */
const isMarker = (call: string): boolean => call === 's3:DeleteObject';

const deny = (Sid: string, Action: readonly string[], Resource: readonly string[]): IamStatement => ({
  Sid,
  Effect: 'Deny',
  Action,
  Resource,
});

function allow({ id, calls, on }: AwsRight, scope: IamScope): IamStatement {
  const statement = { Sid: id, Effect: 'Allow', Action: calls } as const;
  switch (on.kind) {
    case 'bucket': {
      const prefixes = on.listing?.map((prefix) => `${prefix}*`);
      return {
        ...statement,
        Resource: buckets(scope),
        ...(prefixes ? { Condition: { StringLike: { 's3:prefix': prefixes } } } : {}),
      };
    }
    case 'objects':
      return { ...statement, Resource: objects(scope, on.under) };
    case 'vault key':
      return {
        ...statement,
        // In every region: the alias says which keys, and one line a region would not fit into a policy.
        Resource: ['arn:aws:kms:*:ACCOUNT:key/*'],
        Condition: keyCondition(on.context, [scope.keyAlias, ...(on.earlier ? scope.earlierAliases : [])]),
      };
    case 'hosted zone':
      return { ...statement, Resource: ['arn:aws:route53:::hostedzone/ZONE'] };
    case 'dns switch':
      return {
        ...statement,
        Resource: scope.switchBuckets.map((bucket) => `arn:aws:s3:::${bucket}/${SWITCH_PREFIX}*`),
      };
    case 'anything':
      return { ...statement, Resource: ['*'] };
  }
}

const buckets = ({ buckets: named }: IamScope): string[] =>
  Object.values(named).map((bucket) => `arn:aws:s3:::${bucket}`);

const objects = (scope: IamScope, prefixes: readonly string[]): string[] =>
  buckets(scope).flatMap((bucket) => prefixes.map((prefix) => `${bucket}/${prefix}*`));

/** The wrap says what it is for, and KMS holds it to that. */
function keyCondition({ purpose, key }: KeyContextRule, aliases: readonly string[]): Condition {
  return {
    'ForAnyValue:StringEquals': { 'kms:ResourceAliases': aliases },
    StringEquals: { 'kms:EncryptionContext:purpose': purpose },
    ...(key === undefined ? {} : { StringLike: { 'kms:EncryptionContext:key': [key] } }),
  };
}
