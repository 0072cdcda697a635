import type { Person } from './settings.ts';

/** The ELD plan's roster as users of the sandbox's account. */
export const accountPeople: Person[] = [
  ['PJSMITH1', 'John Smith'],
  ['PJANEDOE', 'Jane Doe'],
  ['PMJOHNSN', 'Mike Johnson'],
  ['PSWILSON', 'Sarah Wilson'],
  ['PALXCHEN', 'Alex Chen'],
  ['PDAVDKIM', 'David Kim'],
  ['PLBROWN1', 'Lisa Brown'],
  ['PTGARCIA', 'Tom Garcia'],
  ['PRGREEN1', 'Rachel Green'],
  ['PMTAYLOR', 'Mark Taylor'],
].map(([id = '', name = '']) => ({ id, name, email: `${name.toLowerCase().replace(' ', '.')}@eld.example` }));
