/** What doctor asks the services themselves: state and rights, never changing anything that is not a probe's own. */
export { AWS_ROLES, type AwsRight, type AwsRole, awsRights } from './aws-rights.ts';
export { type IamPolicy, type IamScope, type IamStatement, iamPolicy } from './iam-policy.ts';
export { type BucketAddress, type BucketInspection, inspectBucket } from './inspect-bucket.ts';
export { inspectChaining } from './inspect-chaining.ts';
export { inspectEncryption } from './inspect-encryption.ts';
export { inspectLifecycle, type LifecycleInspection } from './inspect-lifecycle.ts';
export { inspectMembers, type MemberInspection } from './inspect-members.ts';
export { inspectPrivileges } from './inspect-privileges.ts';
export { inspectSlack, type SlackInspection } from './inspect-slack.ts';
export { type LifecycleRule, lifecycleRules } from './lifecycle.ts';
export { type NeededPrivilege, neededPrivileges } from './needed-privileges.ts';
export { privilegesElsewhere } from './privileges-elsewhere.ts';
