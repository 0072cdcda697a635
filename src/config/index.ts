/** The environment, read once. Nothing else in src reads process.env. */
export { encryptedMembers } from './in-transit.ts';
export { awsEndpointOf, type Config, type ConfigWith, loadConfig } from './load-config.ts';
export { type ConfigMistake, sayConfigMistakes } from './mistakes.ts';
export { type NamedUri, namedUris } from './named-uris.ts';
export { salvageConfig } from './salvage-config.ts';
export { searchPath } from './search-path.ts';
export { Secret } from './secret.ts';
export { type VariableKey, variables } from './variables.ts';
