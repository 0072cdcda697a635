import type { CheckName } from '#plan';

/** The checks as people call them. */
export const CHECK_WORDS: Readonly<Record<CheckName, string>> = {
  database_connectivity: 'Database',
  application_response: 'Application',
  external_dependencies: 'Dependencies',
  resource_availability: 'Resources',
  security_posture: 'Security',
};
