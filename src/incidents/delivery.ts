import type { Incident } from './incident.ts';
import type { Page } from './page.ts';

/** A page to be delivered now, with its incident as it is now; none for a test page. */
export interface Delivery {
  readonly page: Page;
  readonly incident: Incident | undefined;
}
