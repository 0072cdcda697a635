/** The pager port on PagerDuty: Events v2 for calling, REST for what came of it and for calling others besides. */
export { type PagerDutyOptions, pagerDuty } from './pagerduty-pager.ts';
