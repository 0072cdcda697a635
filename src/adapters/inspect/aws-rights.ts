/** Where a right holds. Objects by prefix, in every region's bucket. */
export type RightOn =
  | { readonly kind: 'bucket'; readonly listing?: readonly string[] }
  | { readonly kind: 'objects'; readonly under: readonly string[] }
  /** The current key of every region; `earlier`: also those that stood in its place before. */
  | { readonly kind: 'vault key'; readonly earlier: boolean; readonly context: KeyContextRule }
  | { readonly kind: 'hosted zone' }
  /** The objects that turn drivers away, in buckets of their own. */
  | { readonly kind: 'dns switch' }
  /** What AWS can't narrow down. */
  | { readonly kind: 'anything' };

/** What the encryption context must say, or KMS refuses. */
export interface KeyContextRule {
  readonly purpose: readonly string[];
  /** A pattern of the data key's name. */
  readonly key?: string;
}

/** Calls that a role may make, and what for. */
export interface AwsRight {
  readonly calls: readonly string[];
  readonly on: RightOn;
  /** Only letters and digits: the statement's id. */
  readonly id: string;
}

export const AWS_ROLES = ['bot', 'detector', 'capture', 'worker', 'move', 'restore', 'prune'] as const;
export type AwsRole = (typeof AWS_ROLES)[number];

const DATA_KEY = 'holdfast-vault data key';
const PROOF = 'holdfast-proof';

/** What is locked when it is written; beside it only results of checks and doctor's probe. */
const LOCKED = ['manifests/', 'segments/', 'keys/', 'archive/', 'record/'];

/** What people are shown: of what was captured only names, and why a timeline begins. */
const SHOWN = ['manifests/', 'keys/', 'checks/', 'capture/', 'archive/', 'holds/', 'retention/'];

const seeDns: AwsRight = { id: 'FindZone', calls: ['route53:ListHostedZonesByName'], on: { kind: 'anything' } };
const seeSwitch: AwsRight = { id: 'ReadSwitch', calls: ['s3:GetObject'], on: { kind: 'dns switch' } };
const readDns: AwsRight = { id: 'ReadWeights', calls: ['route53:ListResourceRecordSets'], on: { kind: 'hosted zone' } };

/**
 * Which role makes which calls, and no others: the policies in docs/iam are made of this. Only `prune` removes anything,
 * and it opens nothing; `capture`, which runs beside the database all the time, neither removes nor opens.
 */
export const awsRights: Readonly<Record<AwsRole, readonly AwsRight[]>> = {
  // Lists and previews. It opens a manifest for the preview of a swap, and tries a key for the preview of a move.
  bot: [
    { id: 'List', calls: ['s3:ListBucket'], on: { kind: 'bucket', listing: SHOWN } },
    { id: 'Read', calls: ['s3:GetObject'], on: { kind: 'objects', under: SHOWN } },
    {
      id: 'Open',
      calls: ['kms:Decrypt'],
      on: { kind: 'vault key', earlier: true, context: { purpose: [DATA_KEY, PROOF] } },
    },
    { id: 'Try', calls: ['kms:Encrypt'], on: { kind: 'vault key', earlier: false, context: { purpose: [PROOF] } } },
    seeDns,
    readDns,
    seeSwitch,
  ],
  // Looks every half minute: one object that need not be there, the bucket's own settings, a key of its own making.
  detector: [
    {
      id: 'Look',
      calls: [
        's3:ListBucket',
        ...['s3:GetBucketVersioning', 's3:GetBucketObjectLockConfiguration', 's3:GetEncryptionConfiguration'],
      ],
      on: { kind: 'bucket' },
    },
    { id: 'Read', calls: ['s3:GetObject'], on: { kind: 'objects', under: ['checks/'] } },
    {
      id: 'Try',
      calls: ['kms:Encrypt', 'kms:Decrypt'],
      on: { kind: 'vault key', earlier: false, context: { purpose: [PROOF] } },
    },
    seeDns,
    readDns,
  ],
  // Its data keys are made in its own memory and wrapped; after a restart it makes new ones, and never opens one.
  capture: [
    {
      id: 'List',
      calls: ['s3:ListBucket'],
      on: { kind: 'bucket', listing: ['capture/', 'archive/', 'keys/capture-'] },
    },
    {
      id: 'Write',
      calls: ['s3:PutObject', 's3:PutObjectRetention'],
      on: { kind: 'objects', under: ['capture/', 'keys/capture-'] },
    },
    // Encrypted bytes, to see where it stopped and that they arrived as they were sent.
    {
      id: 'ReadBack',
      calls: ['s3:GetObject', 's3:GetObjectVersion'],
      on: { kind: 'objects', under: ['capture/', 'archive/', 'keys/capture-'] },
    },
    {
      id: 'Wrap',
      calls: ['kms:Encrypt'],
      on: { kind: 'vault key', earlier: false, context: { purpose: [DATA_KEY], key: 'capture-*' } },
    },
  ],
  // Backs up, reads back, heals, rotates keys, carries restores, anchors the record.
  worker: [
    // In one statement with what doctor asks of a bucket: a policy may not be longer.
    {
      id: 'List',
      calls: [
        's3:ListBucket',
        ...['s3:GetBucketVersioning', 's3:GetBucketObjectLockConfiguration', 's3:GetLifecycleConfiguration'],
      ],
      on: { kind: 'bucket' },
    },
    // What a delete marker hides, to bring it back.
    {
      id: 'ListHidden',
      calls: ['s3:ListBucketVersions'],
      on: { kind: 'bucket', listing: ['capture/', 'archive/', 'keys/capture-', 'keys/archive-'] },
    },
    {
      id: 'Write',
      calls: ['s3:PutObject', 's3:PutObjectRetention'],
      on: { kind: 'objects', under: [...LOCKED, 'capture/'] },
    },
    { id: 'Note', calls: ['s3:PutObject'], on: { kind: 'objects', under: ['checks/', 'doctor/'] } },
    {
      id: 'Read',
      calls: ['s3:GetObject'],
      on: {
        kind: 'objects',
        under: ['manifests/', 'segments/', 'keys/', 'checks/', 'capture/', 'archive/', 'holds/', 'retention/'],
      },
    },
    {
      id: 'ReadVersions',
      calls: ['s3:GetObjectVersion'],
      on: { kind: 'objects', under: ['segments/', 'capture/', 'archive/', 'keys/', 'doctor/'] },
    },
    // What lies in cold storage, for a restore.
    { id: 'Fetch', calls: ['s3:RestoreObject'], on: { kind: 'objects', under: ['segments/'] } },
    {
      id: 'ReadLocks',
      calls: ['s3:GetObjectRetention'],
      on: { kind: 'objects', under: ['manifests/', 'keys/', 'capture/', 'archive/'] },
    },
    {
      id: 'Wrap',
      calls: ['kms:Encrypt'],
      on: { kind: 'vault key', earlier: false, context: { purpose: [DATA_KEY, PROOF] } },
    },
    {
      id: 'Open',
      calls: ['kms:Decrypt'],
      on: { kind: 'vault key', earlier: true, context: { purpose: [DATA_KEY, PROOF] } },
    },
  ],
  // What a worker needs besides to move the system. Of its own, because one policy would be too long for IAM.
  move: [
    {
      id: 'FindZone',
      calls: [...seeDns.calls, 'route53:GetChange', 'route53:ListHealthChecks'],
      on: { kind: 'anything' },
    },
    { id: 'Move', calls: [...readDns.calls, 'route53:ChangeResourceRecordSets'], on: { kind: 'hosted zone' } },
    // The object is never removed: what stands in it counts.
    { id: 'Switch', calls: ['s3:GetObject', 's3:PutObject'], on: { kind: 'dns switch' } },
  ],
  // For an account that only restores: a rehearsal, a recovery elsewhere, or the reader that needs no Holdfast.
  restore: [
    { id: 'List', calls: ['s3:ListBucket'], on: { kind: 'bucket' } },
    {
      id: 'Read',
      calls: ['s3:GetObject'],
      on: {
        kind: 'objects',
        under: ['manifests/', 'segments/', 'keys/', 'checks/', 'capture/', 'archive/', 'holds/', 'retention/'],
      },
    },
    { id: 'ReadVersions', calls: ['s3:GetObjectVersion'], on: { kind: 'objects', under: ['segments/', 'capture/'] } },
    { id: 'Fetch', calls: ['s3:RestoreObject'], on: { kind: 'objects', under: ['segments/'] } },
    { id: 'Open', calls: ['kms:Decrypt'], on: { kind: 'vault key', earlier: true, context: { purpose: [DATA_KEY] } } },
  ],
  // Marks, holds, extends locks, and removes versions whose lock has run out; a worker that does the daily round has it
  // beside its own, and its role the tag that lets the two stand beside each other. Without the statement Remove it still does all but the removing. It opens nothing.
  prune: [
    {
      id: 'List',
      calls: ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'],
      on: { kind: 'bucket' },
    },
    {
      id: 'ReadHeaders',
      calls: ['s3:GetObject', 's3:GetObjectVersion'],
      on: { kind: 'objects', under: ['manifests/', 'checks/', 'holds/', 'retention/'] },
    },
    { id: 'Mark', calls: ['s3:PutObject'], on: { kind: 'objects', under: ['holds/', 'retention/'] } },
    {
      id: 'Lock',
      calls: ['s3:GetObjectRetention', 's3:PutObjectRetention', 's3:GetObjectLegalHold', 's3:PutObjectLegalHold'],
      on: { kind: 'objects', under: ['manifests/', 'segments/', 'keys/', 'capture/', 'archive/', 'holds/'] },
    },
    // To which class the bucket's own rule is to move it.
    { id: 'MoveColder', calls: ['s3:PutObjectVersionTagging'], on: { kind: 'objects', under: ['segments/'] } },
    {
      id: 'Remove',
      calls: ['s3:DeleteObjectVersion', 's3:AbortMultipartUpload'],
      on: {
        kind: 'objects',
        under: ['manifests/', 'segments/', 'keys/', 'checks/', 'capture/', 'archive/', 'holds/', 'retention/'],
      },
    },
  ],
};

/** Refused whatever another policy allows: what would take a backup away, or shorten what keeps it. */
export const NEVER = [
  ...['s3:BypassGovernanceRetention', 's3:PutBucketVersioning', 's3:PutBucketObjectLockConfiguration'],
  ...['s3:PutLifecycleConfiguration', 's3:DeleteBucket', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
];
export const NEVER_REMOVES = ['s3:DeleteObject', 's3:DeleteObjectVersion'];
/** Never alone: these policies stand beside another one, and refuse nothing that it needs. */
export const BESIDE_ANOTHER: ReadonlySet<AwsRole> = new Set(['move']);
/**
 * What one policy refuses and only the other allows, for a role that has them both: refused unless whoever makes the roles has
 * tagged that role so. Holdfast itself can tag none.
 */
export const BOTH = { roles: ['worker', 'prune'], tag: 'holdfast', value: 'worker-and-prune' } as const;
export const NEVER_OPENS = ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant'];
