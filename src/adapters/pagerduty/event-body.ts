import type { trigger } from '@pagerduty/pdjs';
import type { PagerCall } from '#ports';

type EventData = Parameters<typeof trigger>[0]['data'];

const LONGEST_SUMMARY = 1024;
/** 40 of 4,000 characters stay under the 512 KB an event may have, even where each takes three bytes. */
const LONGEST_DETAIL = 4_000;
const MOST_DETAILS = 40;

/** An event that calls people. What is too long is cut: a page that is refused for its length wakes nobody. */
export function triggerData(routingKey: string, call: PagerCall): EventData {
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: call.key,
    payload: {
      summary: cut(call.summary, LONGEST_SUMMARY),
      source: call.source,
      severity: call.severity,
      custom_details: details(call),
    },
    links: call.links.map(({ href, text }) => ({ href, text })),
  };
}

/** An acknowledgement or an end: the key says of what. pdjs's types ask for a payload, PagerDuty does not. */
export const keyData = (routingKey: string, key: string): EventData =>
  ({ routing_key: routingKey, dedup_key: key }) as unknown as EventData;

function details(call: PagerCall): Record<string, string> {
  const told: Record<string, string> = call.incident ? { Incident: call.incident } : {};
  for (const [label, value] of call.details.slice(0, MOST_DETAILS)) {
    const before = told[label];
    told[label] = cut(before === undefined ? value : `${before}\n${value}`, LONGEST_DETAIL);
  }
  return told;
}

/** By characters, so that none is cut in two. */
function cut(text: string, longest: number): string {
  const characters = [...text];
  return characters.length > longest ? `${characters.slice(0, longest - 3).join('')}...` : text;
}
