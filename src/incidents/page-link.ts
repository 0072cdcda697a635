import type { IncidentId } from '#core';
import type { IncidentLink } from './world.ts';

/** What shows an incident where no chat does. */
export const inTerminal = (incident: IncidentId): string => `dr incident show ${incident}`;

export const urlOf = (link: IncidentLink | undefined): string | undefined =>
  link && 'url' in link ? link.url : undefined;

/** The one link as a page shows it, or the sentence that stands in its place. */
export const linkWords = (link: IncidentLink | undefined): string | undefined =>
  link && ('url' in link ? link.url : link.without);
