import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const Links = z.array(z.object({ href: z.string(), text: z.string().optional() })).default([]);

/** An event that was taken; `key` is made up for a trigger without one. */
export interface CheckedEvent {
  readonly action: 'trigger' | 'acknowledge' | 'resolve';
  readonly routingKey: string;
  readonly key: string;
  readonly title: string;
  readonly severity: string;
  readonly source: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly links: z.output<typeof Links>;
}

type Checked = { readonly event: CheckedEvent } | { readonly errors: readonly string[] };

const SEVERITIES = ['critical', 'warning', 'error', 'info'];
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const object = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

/** The refusals of Events v2, all at once as it gives them. */
export function checkEvent(body: unknown): Checked {
  const given = object(body);
  const errors: string[] = [];
  const routingKey = text(given['routing_key']);
  const action = text(given['event_action']);
  const key = given['dedup_key'];
  if (routingKey === '') errors.push("'routing_key' is missing or blank");
  else if (routingKey.length !== 32) errors.push("Length of 'routing_key' is incorrect (should be 32 characters)");
  if (action !== 'trigger' && action !== 'acknowledge' && action !== 'resolve') {
    return { errors: [...errors, "'event_action' is missing or invalid (must be trigger, acknowledge or resolve)"] };
  }
  if (key !== undefined && (typeof key !== 'string' || key.length > 255)) {
    errors.push("Length of 'dedup_key' is incorrect (should be at most 255 characters)");
  }
  if (action !== 'trigger' && text(key) === '') errors.push("'dedup_key' is missing or blank");
  const payload = object(given['payload']);
  if (action === 'trigger') errors.push(...payloadErrors(given['payload'], payload));
  const links = Links.safeParse(given['links']);
  if (!links.success) errors.push("'links' is invalid (each needs an href)");
  if (errors.length > 0) return { errors };
  return {
    event: {
      action,
      routingKey,
      key: text(key) || randomUUID().replaceAll('-', ''),
      title: text(payload['summary']),
      severity: text(payload['severity']),
      source: text(payload['source']),
      details: object(payload['custom_details']),
      links: links.data ?? [],
    },
  };
}

function payloadErrors(given: unknown, payload: Record<string, unknown>): string[] {
  if (given === undefined) return ["'payload' is missing or blank"];
  const errors: string[] = [];
  const summary = text(payload['summary']);
  if (summary === '') errors.push("'payload.summary' is missing or blank");
  if ([...summary].length > 1024) errors.push("'payload.summary' is too long (maximum is 1024 characters)");
  if (text(payload['source']) === '') errors.push("'payload.source' is missing or blank");
  if (!SEVERITIES.includes(text(payload['severity']))) {
    errors.push(`'payload.severity' is invalid (must be one of the following: ${SEVERITIES.join(', ')})`);
  }
  return errors;
}
