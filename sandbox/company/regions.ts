/** The three regions of the sandbox, as in plan.yaml. */
export const EAST = 'us-east-1';
export const WEST = 'us-west-2';
export const EU = 'eu-west-1';
export const REGIONS = [EAST, WEST, EU] as const;
export type SandboxRegion = (typeof REGIONS)[number];

/** `HOLDFAST_AWS_ENDPOINT_US_EAST_1` and the like. */
export const endpointVariable = (region: string): string =>
  `HOLDFAST_AWS_ENDPOINT_${region.toUpperCase().replaceAll('-', '_')}`;

/** The replica set that is founded in the third region when the other two are lost. */
export const COLD_SET = 'eld-eu-west-1';
