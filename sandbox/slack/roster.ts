import type { PersonInput } from './shapes.ts';

/** The ELD plan's roster as members of the sandbox's workspace, and a guest nobody gave a role. */
export const rosterPeople = [
  { id: 'U0JOHNSMITH', name: 'John Smith', roleLabel: 'Incident Commander' },
  { id: 'U0JANEDOE', name: 'Jane Doe', roleLabel: 'Incident Commander' },
  { id: 'U0MIKEJOHNSON', name: 'Mike Johnson', roleLabel: 'Technical Lead' },
  { id: 'U0SARAHWILSON', name: 'Sarah Wilson', roleLabel: 'Technical Lead' },
  { id: 'U0ALEXCHEN', name: 'Alex Chen', roleLabel: 'Database Admin' },
  { id: 'U0DAVIDKIM', name: 'David Kim', roleLabel: 'Database Admin' },
  { id: 'U0LISABROWN', name: 'Lisa Brown', roleLabel: 'Security Lead' },
  { id: 'U0TOMGARCIA', name: 'Tom Garcia', roleLabel: 'Security Lead' },
  { id: 'U0RACHELGREEN', name: 'Rachel Green', roleLabel: 'Communications' },
  { id: 'U0MARKTAYLOR', name: 'Mark Taylor', roleLabel: 'Communications' },
  { id: 'U0GUEST', name: 'Guest', roleLabel: '' },
] as const satisfies readonly PersonInput[];
