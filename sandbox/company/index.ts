/** The whole company in one call: for `npm start`, the demo, end-to-end and fault tests alike. */

export { type Company, type CompanyOptions, type CompanyPart, startCompany } from './company.ts';
export { companyBreakers, primaryOf } from './company-breakers.ts';
export { companyPhones } from './company-phones.ts';
export { companyWorld } from './company-world.ts';
export { loseRegion, returnRegion } from './lose-region.ts';
export { type RegionalCompany, regionalParts } from './regional-parts.ts';
export { EAST, EU, REGIONS, type SandboxRegion, WEST } from './regions.ts';
export type { RoleSpec } from './roles.ts';
