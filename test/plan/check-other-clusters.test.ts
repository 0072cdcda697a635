import { expect, test } from 'vitest';
import { parsePlan, readPlan } from '#plan';
import { edited } from './eld-plan.ts';

const DR_SITE = '    clusters:\n      - { name: dr-site, uri_env: DR_MONGODB_URI, databases: [eld, eld_copy_*] }\n';
const withCluster = (...more: [string, string][]): string => edited(['    clusters: []\n', DR_SITE], ...more);
const mistakes = (text: string): string[] => {
  const read = readPlan(text);
  return read.kind === 'plan' ? [] : read.mistakes.map(({ path, sentence }) => `${path} ${sentence}`);
};
const SECURITY = '  restore-on:\n    needs:\n      - { any_of: [security-lead], people: 1 }\n';

test('a cluster has a name, the variable of its address, and databases', () => {
  expect(parsePlan(withCluster(), 'plan.yaml').plan.mongodb.restore.clusters).toEqual([
    { name: 'dr-site', uriEnv: 'DR_MONGODB_URI', databases: ['eld', 'eld_copy_*'] },
  ]);
});

test('the plan names no variable that is somebody else’s, and no address', () => {
  for (const name of [
    'MONGODB_URI',
    'CONTROL_MONGODB_URI',
    'AWS_SECRET_ACCESS_KEY',
    'mongodb://x',
    'dr_site_MONGODB_URI',
  ]) {
    expect(mistakes(withCluster(['DR_MONGODB_URI', name])), name).toEqual([
      `mongodb.restore.clusters[0].uri_env "${name}" is not a name of a variable of its own, like DR_SITE_MONGODB_URI.`,
    ]);
  }
});

test('a name stands for one cluster', () => {
  const [, entry = ''] = DR_SITE.split('clusters:\n');
  expect(mistakes(edited(['    clusters: []\n', `${DR_SITE}${entry}`]))).toEqual([
    'mongodb.restore.clusters[1].name "dr-site" is named twice.',
  ]);
});

test('data does not leave the protected cluster unless the security role alone says so in one place', () => {
  const words =
    'must need security-lead alone in one place: mongodb.restore.clusters lets data leave the protected cluster.';
  for (const needs of [
    '  restore-on:\n    needs:\n      - { any_of: [security-lead, database-admin], people: 1 }\n',
    '  restore-on:\n    needs:\n      - { any_of: [database-admin], people: 1 }\n',
  ]) {
    expect(mistakes(withCluster([SECURITY, needs]))).toEqual([`approvals.restore-on ${words}`]);
    // without a cluster there is nothing to ask
    expect(mistakes(edited([SECURITY, needs]))).toEqual([]);
  }
  const more = `${SECURITY}      - { any_of: [database-admin], people: 1 }\n`;
  expect(mistakes(withCluster([SECURITY, more]))).toEqual([]);
});
