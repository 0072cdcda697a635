import { type Company, EAST, REGIONS, regionalParts, type SandboxRegion, WEST } from '#sandbox/company';
import type { RegionPart } from '#sandbox/world';

/** The regions that disasters befall: those that have members of the protected database. */
export const STRICKEN = [EAST, WEST] as const;

/** What can be broken in a region by itself: each member, each door, each process of Holdfast. */
export function smallParts(company: Company, region: SandboxRegion): RegionPart[] {
  const { databases, roles } = company;
  const members = [...databases.eld.inRegion(region), ...databases.control.inRegion(region)];
  const doors = regionalParts(company, region).filter(({ name }) => !name.endsWith('mongods') && name !== 'Holdfast');
  return [
    ...members.map(
      (member): RegionPart => ({
        name: member.name,
        kill: () => member.kill('SIGKILL'),
        freeze: () => member.kill('SIGSTOP'),
        restore: async () => {
          member.kill('SIGCONT');
          await member.restart();
        },
      }),
    ),
    ...doors,
    ...roles
      .filter((role) => role.region === region)
      .map(
        (role): RegionPart => ({
          name: role.name,
          kill: () => role.stop(0),
          freeze: () => role.kill('SIGSTOP'),
          restore: async () => {
            role.kill('SIGCONT');
            await role.start();
          },
        }),
      ),
  ];
}

/** Everything everywhere runs again and every line is whole. Idempotent; returns what did not come back. */
export async function healAll(company: Company): Promise<string[]> {
  await company.network?.mend();
  const failed: string[] = [];
  for (const region of REGIONS) {
    for (const part of regionalParts(company, region)) {
      await Promise.resolve(part.restore()).catch((error: unknown) => failed.push(`${region} ${part.name}: ${error}`));
    }
  }
  return failed;
}
