import { expect, test } from 'vitest';
import { asDrError } from '#core';
import { namespacesOf, newNames, refuseForbidden } from '#flows';
import { parsePlan } from '#plan';
import { edited, eldText, mistakesIn } from '../../plan/eld-plan.ts';

const { plan } = parsePlan(eldText, 'plan.yaml');
const withOthers = (...patterns: string[]) => ({
  mongodb: { ...plan.mongodb, restore: { ...plan.mongodb.restore, otherDatabases: patterns } },
});

const names = (as: string, only?: string, databases = ['eld'], allowed = withOthers('eld_copy', 'try_*')) => {
  try {
    const found = newNames(as, only, databases);
    refuseForbidden(found, allowed);
    return found;
  } catch (thrown) {
    const { code, kind, message, hint } = asDrError(thrown);
    return `${code} ${kind}: ${message} ${hint}`;
  }
};

test('one word is a database for all of one, or for what is chosen of it', () => {
  expect(names('eld_copy')).toEqual({ naming: { database: 'eld_copy' }, namespaces: ['eld.*'] });
  expect(names(' try_2 ', 'trips, eld.driver_logs')).toEqual({
    naming: { database: 'try_2' },
    namespaces: ['eld.trips', 'eld.driver_logs'],
  });
  expect(names('try_2', undefined, ['eld', 'billing'])).toContain('takes one database, and eld and billing are chosen');
  expect(names('try_2', 'billing.*', ['eld', 'billing'])).toMatchObject({ namespaces: ['billing.*'] });
});

test('pairs say what is chosen and what it is called', () => {
  expect(names('driver_logs=driver_logs_old, eld.trips = eld_copy.trips.2024')).toEqual({
    naming: {
      names: [
        { from: 'eld.driver_logs', to: 'eld.driver_logs_old' },
        { from: 'eld.trips', to: 'eld_copy.trips.2024' },
      ],
    },
    namespaces: ['eld.driver_logs', 'eld.trips'],
  });
  expect(names('a=b', 'a')).toContain('--only has no place beside them');
  expect(names('a=b,a=c')).toContain('eld.a is named twice');
  expect(names('a=c,b=c')).toContain('eld.c is named twice');
  for (const wrong of ['a=', '=b', 'a=b=c', 'a=b,', 'a=b,c'])
    expect(names(wrong), wrong).toContain('is no pair of names');
});

test('a name that is nobody’s to give is refused', () => {
  for (const system of ['admin', 'config', 'local', 'Admin', 'LOCAL']) {
    expect(names(system, undefined, ['eld'], withOthers('a*', 'c*', 'l*', 'A*', 'L*')), system).toContain(
      `ARGUMENTS_INVALID user: ${system} is a database of the servers themselves`,
    );
    expect(names(`a=${system}.b`, undefined, ['eld'], withOthers('a*', 'c*', 'l*', 'A*', 'L*')), system).toContain(
      'is a database of the servers themselves',
    );
  }
  for (const wrong of ['a.b', 'a b', '$a', 'a/b', '', 'x'.repeat(64), 'a,b', 'a*']) {
    expect(names(wrong), wrong).toContain('is no name for a database');
  }
  for (const wrong of ['system.views', '__hf_R1_a', 'a$b', 'x'.repeat(252)]) {
    expect(names(`a=eld.${wrong}`), wrong).toContain('is no name for a collection');
  }
  expect(names('eld')).toContain('eld is what it is called already');
  expect(names('a=eld.a')).toContain('eld.a is what it is called already');
});

test('outside the databases that are backed up only what the plan lists is written to, and by default nothing', () => {
  expect(plan.mongodb.restore.otherDatabases).toEqual([]);
  const refused = names('eld_copy', undefined, ['eld'], plan);
  expect(refused).toBe(
    'NOT_ALLOWED user: plan.yaml does not let a restore write to eld_copy: mongodb.restore.other_databases has none. Nothing was changed. Stay in eld: --as eld.driver_logs=eld.driver_logs_old. Or have it added to plan.yaml.',
  );
  expect(names('a=eld_copy.a', undefined, ['eld'], plan)).toContain('NOT_ALLOWED');
  expect(names('a=b', undefined, ['eld'], plan)).toMatchObject({ namespaces: ['eld.a'] });
  // a pattern is all of the name: what only begins or ends so is another database
  for (const other of ['eld_copy2', 'xeld_copy', 'try', 'retry_1', 'eldXcopy']) {
    expect(names(other), other).toContain('NOT_ALLOWED');
  }
  for (const fine of ['eld_copy', 'try_', 'try_1-x']) expect(typeof names(fine), fine).toBe('object');
});

test('a plan that would allow every database, or a pattern of another kind, is a mistake', () => {
  const withPattern = (pattern: string) => edited(['other_databases: []', `other_databases: ["${pattern}"]`]);
  expect(mistakesIn(withPattern('eld_*'))).toEqual([]);
  for (const pattern of ['*', '**', 'a.b', '.*', 'eld[0-9]', '']) {
    expect(mistakesIn(withPattern(pattern)).length, pattern).toBeGreaterThan(0);
  }
});

test('an empty choice is never everything', () => {
  for (const empty of ['', ' ', ',', ' , ,']) {
    expect(() => namespacesOf(empty, ['eld']), `"${empty}"`).toThrow('--only names nothing');
  }
  expect(namespacesOf('a, a,eld.a, eld.*,logs.2024', ['eld', 'billing'])).toEqual(['eld.a', 'eld.*', 'eld.logs.2024']);
});
