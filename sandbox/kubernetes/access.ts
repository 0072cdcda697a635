import { qualified, type ResourceName, StatusError, unauthorized } from './status.ts';

/** As in a Role: what may be done to what. `resources` name sub-resources too: `deployments/scale`. */
export type Rule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** All names when left out. */
  readonly resourceNames?: readonly string[];
};

export type Account = { readonly user: string; readonly rules: readonly Rule[] };

/** Who holds which bearer token. */
export type Tokens = Readonly<Record<string, Account>>;

export type Access = ResourceName & { readonly verb: string; readonly namespace: string };

/** The rights Holdfast needs in each cluster, and no more. */
export const HOLDFAST_RULES: readonly Rule[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
  { apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['get', 'patch', 'update'] },
  { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'patch', 'update'] },
  { apiGroups: [''], resources: ['resourcequotas', 'pods'], verbs: ['get', 'list'] },
];

/** What an instance of the service may do: read its own configuration. */
export const POD_RULES: readonly Rule[] = [
  { apiGroups: [''], resources: ['configmaps'], verbs: ['get'], resourceNames: ['eld-config'] },
];

/** Looks, touches nothing. */
export const READER_RULES: readonly Rule[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
  { apiGroups: [''], resources: ['configmaps', 'pods', 'resourcequotas'], verbs: ['get', 'list'] },
];

/** @throws StatusError 401 for a missing or unknown token */
export function accountOf(tokens: Tokens, authorization: string | undefined): Account {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  const account = token !== undefined && Object.hasOwn(tokens, token) ? tokens[token] : undefined;
  if (account === undefined) throw unauthorized();
  return account;
}

export function isAllowed(account: Account, access: Access): boolean {
  const matches = (list: readonly string[], value: string) => list.includes('*') || list.includes(value);
  return account.rules.some(
    (rule) =>
      matches(rule.apiGroups, access.group) &&
      matches(rule.resources, access.resource) &&
      matches(rule.verbs, access.verb) &&
      (rule.resourceNames === undefined || (access.name !== undefined && rule.resourceNames.includes(access.name))),
  );
}

/** @throws StatusError 403 in the API server's words */
export function demand(account: Account, access: Access): void {
  if (isAllowed(account, access)) return;
  const [plural = access.resource] = access.resource.split('/');
  const what = qualified({ group: access.group, resource: plural });
  const named = access.name === undefined ? what : `${what} "${access.name}"`;
  throw new StatusError(
    403,
    'Forbidden',
    `${named} is forbidden: User "${account.user}" cannot ${access.verb} resource "${access.resource}" in API group "${access.group}" in the namespace "${access.namespace}"`,
    {
      ...(access.name === undefined ? {} : { name: access.name }),
      ...(access.group === '' ? {} : { group: access.group }),
      kind: plural,
    },
  );
}
