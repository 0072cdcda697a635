import { ServiceUrl } from './kinds.ts';
import type { ConfigMistake } from './mistakes.ts';

/** Addresses that the AWS SDK reads by itself, past ours: `AWS_ENDPOINT_URL_S3` and the like. */
const SDK_ENDPOINT = /^AWS_ENDPOINT_URL_/;

/** Settings that libraries read by themselves, and that would take back what the configuration promises. */
export function aroundTheConfig(env: Readonly<Record<string, string | undefined>>): ConfigMistake[] {
  const endpoints = Object.entries(env).flatMap(([name, value]): ConfigMistake[] => {
    if (!SDK_ENDPOINT.test(name) || !value) return [];
    const parsed = ServiceUrl.safeParse(value);
    if (parsed.success) return [];
    return [{ name, sentence: `${JSON.stringify(value.slice(0, 60))} is not ${parsed.error.issues[0]?.message}.` }];
  });
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return endpoints;
  const sentence =
    'is 0, so that nobody would be sure who answers. Take it out; NODE_EXTRA_CA_CERTS names an authority.';
  return [...endpoints, { name: 'NODE_TLS_REJECT_UNAUTHORIZED', sentence }];
}
