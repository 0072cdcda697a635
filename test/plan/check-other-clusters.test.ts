import { expect, test } from 'vitest';
import { parsePlan } from '#plan';
import { edited, mistakesIn } from './eld-plan.ts';

const cluster = (name: string, uriEnv: string): string =>
  `      - { name: ${name}, uri_env: ${uriEnv}, databases: [eld, eld_copy_*] }\n`;
const withClusters = (clusters: readonly string[], ...more: (readonly [string, string])[]): string =>
  edited(['    clusters: []\n', `    clusters:\n${clusters.join('')}`], ...more);
const mistakes = (text: string): string[] => mistakesIn(text).map(({ path, sentence }) => `${path} ${sentence}`);

const DR_SITE = cluster('dr-site', 'DR_MONGODB_URI');
const SECURITY = '  restore-on:\n    needs:\n      - { any_of: [security-lead], people: 1 }\n';

test('a cluster has a name, the variable of its address, and databases', () => {
  expect(parsePlan(withClusters([DR_SITE]), 'plan.yaml').plan.mongodb.restore.clusters).toEqual([
    { name: 'dr-site', uriEnv: 'DR_MONGODB_URI', databases: ['eld', 'eld_copy_*'] },
  ]);
});

test('the plan names no variable that is somebody else’s, and no address', () => {
  const names = ['MONGODB_URI', 'CONTROL_MONGODB_URI', 'AWS_SECRET_ACCESS_KEY', 'mongodb://x', 'dr_MONGODB_URI'];
  expect(mistakes(withClusters(names.map((name, index) => cluster(`dr-${index}`, name))))).toEqual(
    names.map(
      (name, index) =>
        `mongodb.restore.clusters[${index}].uri_env "${name}" is not a name of a variable of its own, like DR_SITE_MONGODB_URI.`,
    ),
  );
});

test('a name stands for one cluster, and none for what a restore starts itself', () => {
  expect(mistakes(withClusters([DR_SITE, cluster('scratch', 'A_MONGODB_URI'), DR_SITE]))).toEqual([
    'mongodb.restore.clusters[2].name "dr-site" is named twice.',
    'mongodb.restore.clusters[1].name "scratch" stands for a server that a restore starts itself.',
  ]);
});

test('data does not leave the protected cluster unless the security role alone says so in one place', () => {
  const words = 'must need security-lead alone in one place: mongodb.restore lets data leave the protected cluster.';
  const shared = SECURITY.replace('[security-lead]', '[security-lead, database-admin]');
  expect(mistakes(withClusters([DR_SITE], [SECURITY, shared]))).toEqual([`approvals.restore-on ${words}`]);
  const scratch = '    clusters: []\n    scratch: { folder: /scratch, keep_hours: 1 }\n';
  expect(mistakes(edited(['    clusters: []\n', scratch], [SECURITY, shared]))).toEqual([
    `approvals.restore-on ${words}`,
  ]);
  // without either there is nothing to ask; and others besides it may have to say so too
  expect(mistakes(edited([SECURITY, shared]))).toEqual([]);
  const more = `${SECURITY}      - { any_of: [database-admin], people: 1 }\n`;
  expect(mistakes(withClusters([DR_SITE], [SECURITY, more]))).toEqual([]);
}, 60_000);
