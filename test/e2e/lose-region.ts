import { type Company, regionalParts, type SandboxRegion } from '#sandbox/company';

/** Everything in a region is gone at once, Holdfast's own processes and Route 53's control API included. */
export async function loseRegion(company: Company, region: SandboxRegion): Promise<void> {
  await Promise.all(regionalParts(company, region).map((part) => part.kill()));
}

/** Starts it all again on the same data and ports; resolves when the processes run, not yet when they are fit. */
export async function returnRegion(company: Company, region: SandboxRegion): Promise<void> {
  for (const part of regionalParts(company, region)) await part.restore();
}
