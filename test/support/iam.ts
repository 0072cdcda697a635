import type { IamPolicy, IamScope, IamStatement } from '#adapters/inspect';
import { DrError } from '#core';
import type { KeyService, ObjectStore } from '#ports';
import { openVault, type Vault } from '#vault';

/** One call as AWS judges it. */
export interface AwsCall {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** As IAM decides: a Deny that fits wins, then an Allow that fits, else it is refused. Written from IAM's reference. */
export function decide(policy: IamPolicy, call: AwsCall): IamStatement | undefined {
  const fitting = policy.Statement.filter((statement) => fits(statement, call));
  return fitting.some(({ Effect }) => Effect === 'Deny') ? undefined : fitting.find(({ Effect }) => Effect === 'Allow');
}

const fits = ({ Action, Resource, Condition = {} }: IamStatement, call: AwsCall): boolean =>
  Action.some((pattern) => isLike(call.action, pattern)) &&
  Resource.some((pattern) => isLike(call.resource, pattern)) &&
  Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, call.context?.[key], wanted)),
  );

function holds(operator: string, given: string | readonly string[] | undefined, wanted: readonly string[]): boolean {
  const values = given === undefined ? [] : [given].flat();
  switch (operator) {
    case 'StringEquals':
    case 'ForAnyValue:StringEquals':
    case 'Bool':
      return values.some((value) => wanted.includes(value));
    // What is not there equals nothing: IAM takes the condition for met.
    case 'StringNotEquals':
      return !values.some((value) => wanted.includes(value));
    case 'StringLike':
      return values.some((value) => wanted.some((pattern) => isLike(value, pattern)));
    default:
      throw new Error(`The evaluator does not know ${operator}.`);
  }
}

const isLike = (text: string, pattern: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  ).test(text);

/** A vault whose every call is judged by a policy first; `used` has what was allowed, `<statement> <call> <prefix>`. */
export function underPolicy(vault: Vault, policy: IamPolicy, scope: IamScope): { vault: Vault; used: Set<string> } {
  const used = new Set<string>();
  const may = (call: AwsCall, prefix = ''): boolean => {
    const allowed = decide(policy, { ...call, context: { 'aws:SecureTransport': 'true', ...call.context } });
    if (allowed) used.add(`${allowed.Sid} ${call.action} ${prefix}`.trim());
    return allowed !== undefined;
  };
  const must = (code: 'OBJECT_STORE_REFUSED' | 'KEY_REFUSED', call: AwsCall, prefix?: string): void => {
    if (!may(call, prefix))
      throw new DrError(code, 'permanent', `refused (AccessDenied, ${call.action}, ${call.resource})`);
  };
  const judgedStore = (store: ObjectStore): ObjectStore => {
    const bucket = `arn:aws:s3:::${scope.buckets[store.region]}`;
    const on = (action: string, key: string): [AwsCall, string] => [
      { action, resource: `${bucket}/${key}` },
      `${key.split('/')[0]}/`,
    ];
    return {
      region: store.region,
      put: async (key, body, options) => {
        must('OBJECT_STORE_REFUSED', ...on('s3:PutObject', key));
        if (options.lock !== 'none') must('OBJECT_STORE_REFUSED', ...on('s3:PutObjectRetention', key));
        return store.put(key, body, options);
      },
      get: async (key, versionId) => {
        must('OBJECT_STORE_REFUSED', ...on(versionId ? 's3:GetObjectVersion' : 's3:GetObject', key));
        return store.get(key, versionId);
      },
      head: async (key, versionId) => {
        must('OBJECT_STORE_REFUSED', ...on(versionId ? 's3:GetObjectVersion' : 's3:GetObject', key));
        const head = await store.head(key, versionId);
        // S3 leaves the lock out for whoever may not see it
        return head && (may(...on('s3:GetObjectRetention', key)) ? head : { ...head, lock: 'none' });
      },
      listVersions: (prefix) => {
        must('OBJECT_STORE_REFUSED', {
          action: 's3:ListBucketVersions',
          resource: bucket,
          context: { 's3:prefix': prefix },
        });
        return store.listVersions(prefix);
      },
      deleteVersion: async (key, versionId) => {
        must('OBJECT_STORE_REFUSED', ...on('s3:DeleteObjectVersion', key));
        return store.deleteVersion(key, versionId);
      },
      extendLock: async (key, versionId, lock) => {
        must('OBJECT_STORE_REFUSED', ...on('s3:PutObjectRetention', key));
        return store.extendLock(key, versionId, lock);
      },
      setLegalHold: async (key, versionId, hold) => {
        must('OBJECT_STORE_REFUSED', ...on('s3:PutObjectLegalHold', key));
        return store.setLegalHold(key, versionId, hold);
      },
      thaw: async (key, ...rest) => {
        must('OBJECT_STORE_REFUSED', ...on('s3:RestoreObject', key));
        return store.thaw(key, ...rest);
      },
      wantClass: async (key, ...rest) => {
        must('OBJECT_STORE_REFUSED', ...on('s3:PutObjectVersionTagging', key));
        return store.wantClass(key, ...rest);
      },
      listUploads: (prefix) => {
        must('OBJECT_STORE_REFUSED', { action: 's3:ListBucketMultipartUploads', resource: bucket });
        return store.listUploads(prefix);
      },
      abortUpload: async (key, uploadId) => {
        must('OBJECT_STORE_REFUSED', ...on('s3:AbortMultipartUpload', key));
        return store.abortUpload(key, uploadId);
      },
      folders: async (prefix) => {
        must('OBJECT_STORE_REFUSED', { action: 's3:ListBucket', resource: bucket, context: { 's3:prefix': prefix } });
        return store.folders(prefix);
      },
      list: (prefix) => {
        must('OBJECT_STORE_REFUSED', { action: 's3:ListBucket', resource: bucket, context: { 's3:prefix': prefix } });
        return store.list(prefix);
      },
    };
  };
  const judgedKeys = (service: KeyService): KeyService => {
    const on = (action: string, context: Readonly<Record<string, string>>): AwsCall => ({
      action,
      resource: `arn:aws:kms:${service.region}:ACCOUNT:key/1`,
      context: {
        'kms:ResourceAliases': [scope.keyAlias],
        ...Object.fromEntries(Object.entries(context).map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
      },
    });
    return {
      region: service.region,
      keyName: service.keyName,
      wrap: async (key, context) => {
        must('KEY_REFUSED', on('kms:Encrypt', context));
        return service.wrap(key, context);
      },
      unwrap: async (wrapped, context) => {
        must('KEY_REFUSED', on('kms:Decrypt', context));
        return service.unwrap(wrapped, context);
      },
    };
  };
  return {
    vault: openVault({ ...vault, stores: vault.stores.map(judgedStore), keys: vault.keys.map(judgedKeys) }),
    used,
  };
}
