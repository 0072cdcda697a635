export interface SdkErrorFacts {
  /** As the service names it, or the network: `AccessDenied`, `ECONNREFUSED`. */
  readonly name: string;
  /** Undefined where nothing answered. */
  readonly status: number | undefined;
}

/** What an error of the AWS SDK says of itself; also of one that came from the connection beneath it, whose name is only `Error`. */
export function sdkErrorFacts(thrown: unknown): SdkErrorFacts {
  if (!(thrown instanceof Error)) return { name: String(thrown), status: undefined };
  const metadata = '$metadata' in thrown ? thrown.$metadata : undefined;
  const answered =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  const status = typeof answered === 'number' ? answered : undefined;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  return { name: thrown.name === 'Error' && code ? code : thrown.name, status };
}
