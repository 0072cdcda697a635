import type { Account } from './account.ts';
import type { Links } from './rest-shapes.ts';
import type { PagerDutySettings } from './settings.ts';

/** What the parts of the REST API share. */
export interface RestParts {
  readonly account: Account;
  readonly settings: PagerDutySettings;
  readonly now: () => number;
  readonly links: () => Links;
}
