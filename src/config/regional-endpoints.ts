import { ServiceUrl } from './kinds.ts';
import type { ConfigMistake } from './mistakes.ts';

const PREFIX = 'HOLDFAST_AWS_ENDPOINT_';

/**
 * `HOLDFAST_AWS_ENDPOINT_US_EAST_1=http://127.0.0.1:5001`: the SDK knows one AWS_ENDPOINT_URL for a process, but each
 * region has its own address, and one of them may be dead.
 */
export function regionalEndpoints(env: Readonly<Record<string, string | undefined>>): {
  readonly byRegion: Readonly<Record<string, string>>;
  readonly mistakes: ConfigMistake[];
} {
  const mistakes: ConfigMistake[] = [];
  const byRegion: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || !value) continue;
    const region = name.slice(PREFIX.length).toLowerCase().replaceAll('_', '-');
    const parsed = ServiceUrl.safeParse(value);
    if (!/^[a-z]{2}-[a-z]+-[0-9]$/.test(region)) {
      mistakes.push({ name, sentence: `"${region}" is not a region. Write it like ${PREFIX}US_EAST_1.` });
    } else if (parsed.success) byRegion[region] = parsed.data;
    else
      mistakes.push({
        name,
        sentence: `${JSON.stringify(value.slice(0, 60))} is not ${parsed.error.issues[0]?.message}.`,
      });
  }
  return { byRegion: Object.freeze(byRegion), mistakes };
}
