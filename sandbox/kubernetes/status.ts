/**
 * What the API server answers when it refuses: a `Status` object, worded as the real one words it, because
 * callers (and people searching for the message) know those words.
 */
export type Cause = { readonly reason: string; readonly message: string; readonly field: string };

export type ResourceName = {
  /** '' is the core group. */
  readonly group: string;
  /** Plural: `deployments`. */
  readonly resource: string;
  readonly name?: string | undefined;
};

export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: number, reason: string, message: string, details?: Record<string, unknown>) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  body(): Record<string, unknown> {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

/** `deployments.apps`, but `configmaps`: the core group has no name. */
export const qualified = ({ group, resource }: ResourceName): string =>
  group === '' ? resource : `${resource}.${group}`;

const details = ({ name, group, resource }: ResourceName, causes?: readonly Cause[]) => ({
  ...(name === undefined ? {} : { name }),
  ...(group === '' ? {} : { group }),
  kind: resource,
  ...(causes === undefined ? {} : { causes }),
});

export const unauthorized = () => new StatusError(401, 'Unauthorized', 'Unauthorized');

export const notFound = (of: ResourceName) =>
  new StatusError(404, 'NotFound', `${qualified(of)} "${of.name}" not found`, details(of));

export const noSuchPath = () =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});

export const conflict = (of: ResourceName) =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(of)} "${of.name}": the object has been modified; please apply your changes to the latest version and try again`,
    details(of),
  );

export const badRequest = (message: string) => new StatusError(400, 'BadRequest', message);

export const unsupportedPatch = () =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json',
  );

/** `kind` is the object's (`Deployment`), `group` its API group. */
export const invalid = (kind: string, group: string, name: string, causes: readonly Cause[]) =>
  new StatusError(
    422,
    'Invalid',
    `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${causes.map((cause) => `${cause.field}: ${cause.message}`).join(', ')}`,
    { name, ...(group === '' ? {} : { group }), kind, causes },
  );
