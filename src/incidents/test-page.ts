import { DrError, type PersonId } from '#core';
import type { Page } from './page.ts';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/** Calls somebody as a page would, for no incident; nobody else is called. Idempotent by the intake. */
export async function sendTestPage(
  _world: IncidentsWorld,
  _asked: { readonly to: PersonId; readonly intake: string },
): Promise<Page> {
  throw notYet;
}
