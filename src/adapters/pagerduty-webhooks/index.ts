/** What PagerDuty tells us by itself, after it has proven who it is. */
export { type PagerDutyWebhookOptions, pagerDutyWebhooks } from './pagerduty-webhooks.ts';
export { pingWebhooks } from './ping-webhooks.ts';
