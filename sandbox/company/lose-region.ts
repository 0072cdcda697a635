import type { Company } from './company.ts';
import { regionalParts } from './regional-parts.ts';
import type { SandboxRegion } from './regions.ts';

/** Everything in a region is gone at once, Holdfast's own processes and Route 53's control API included. Returns what it was. */
export async function loseRegion(company: Company, region: SandboxRegion): Promise<readonly string[]> {
  const parts = regionalParts(company, region);
  await Promise.all(parts.map((part) => part.kill()));
  return parts.map(({ name }) => name);
}

/** Starts it all again on the same data and ports; resolves when the processes run, not yet when they are fit. */
export async function returnRegion(company: Company, region: SandboxRegion): Promise<void> {
  for (const part of regionalParts(company, region)) await part.restore();
}
