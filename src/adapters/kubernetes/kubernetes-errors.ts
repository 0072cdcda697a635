import type { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';
import { DrError, type Region } from '#core';

/** What was asked, and the role that would allow it: `kubectl create role` takes exactly these two words. */
export interface Order {
  /** Completes "Kubernetes was asked to ...". */
  readonly words: string;
  readonly verb: 'get' | 'list' | 'patch';
  readonly resource: string;
}

const StatusBody = z.object({ message: z.string(), reason: z.string().optional() });

export function translated(thrown: unknown, region: Region, namespace: string, order: Order): DrError {
  if (thrown instanceof DrError) return thrown;
  if (!isAnswer(thrown)) {
    const message = `Kubernetes in ${region} does not answer (asked to ${order.words}).`;
    return new DrError('CLUSTER_UNAVAILABLE', 'transient', message, { cause: thrown, data: { region } });
  }
  const message = `Kubernetes in ${region} refused to ${order.words} (${thrown.code}): ${saidBy(thrown)}`;
  const more = { cause: thrown, data: { region, status: thrown.code } };
  if (thrown.code === 429 || thrown.code >= 500 || thrown.code === 409) {
    return new DrError('CLUSTER_UNAVAILABLE', 'transient', message, more);
  }
  const hint = hintFor(thrown.code, region, namespace, order);
  return new DrError('CLUSTER_REFUSED', 'permanent', message, { ...more, ...(hint ? { hint } : {}) });
}

/** An answer that is no success. Known by its shape: its class would load the whole client. */
const isAnswer = (thrown: unknown): thrown is ApiException<unknown> =>
  thrown instanceof Error && 'body' in thrown && 'code' in thrown && typeof thrown.code === 'number';

/** The API server answers with a Status object, parsed or as text, or (a proxy before it) with anything. */
function saidBy(thrown: ApiException<unknown>): string {
  const body = typeof thrown.body === 'string' ? parseJson(thrown.body) : thrown.body;
  const status = StatusBody.safeParse(body);
  return status.success ? status.data.message : 'no reason given';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hintFor(code: number, region: Region, namespace: string, order: Order): string | undefined {
  if (code === 401) return `Check the credentials of the context ${region} in KUBECONFIG.`;
  if (code !== 403) return undefined;
  const name = `holdfast-${order.resource.replace('/', '-')}`;
  const where = `--context ${region} -n ${namespace}`;
  return (
    `kubectl create role ${name} --verb=${order.verb} --resource=${order.resource} ${where} && ` +
    `kubectl create rolebinding ${name} --role=${name} --serviceaccount=${namespace}:holdfast ${where}`
  );
}
