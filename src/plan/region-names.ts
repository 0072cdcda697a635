import { closest } from '#core';

/** AWS's region names without their number: a new number is no mistake, a new word nearly always is. */
// biome-ignore format: a line a continent or two is easier to check
const AREAS = [
  'us-east', 'us-west', 'us-gov-east', 'us-gov-west', 'ca-central', 'ca-west', 'mx-central', 'sa-east', 'eu-west',
  'eu-central', 'eu-north', 'eu-south', 'ap-east', 'ap-south', 'ap-northeast', 'ap-southeast', 'me-south', 'me-central',
  'il-central', 'af-south', 'cn-north', 'cn-northwest',
] as const;

/** The region that a misspelled name means; undefined when the name looks right, or like nothing known. */
export function meantRegion(name: string): string | undefined {
  const [, area = '', number = ''] = /^(.*)(-[0-9])$/.exec(name) ?? [];
  if (AREAS.some((known) => known === area)) return undefined;
  const meant = closest(area, AREAS);
  return meant === undefined ? undefined : `${meant}${number}`;
}
