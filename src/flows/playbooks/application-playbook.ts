import type { Region } from '#core';
import { type Plan, servingRegions } from '#plan';
import { servedFrom } from '../status/serving.ts';
import type { PlaybookFacts, PlaybookStep } from './playbook.ts';

/**
 * The plan's "Application Recovery Playbook" for one region: the one that users are sent to. What Holdfast does not do
 * itself is said with the command of whoever does. Pure.
 */
export function applicationPlaybook({ seen }: PlaybookFacts, plan: Plan): PlaybookStep[] {
  const [serving] = servedFrom(seen);
  const region = serving ?? servingRegions(plan)[0];
  if (!region) return [];
  return [
    stop(region, { seen }, plan),
    restoreState(),
    configure(region, { seen }, plan),
    restart(region, { seen }, plan),
    verify({ seen }),
  ];
}

type Seen = Pick<PlaybookFacts, 'seen'>;

function stop(region: Region, { seen }: Seen, plan: Plan): PlaybookStep {
  const other = servingRegions(plan).find((each) => each !== region);
  return {
    title: `Stop the services of ${region}`,
    ...answering(region, seen, ({ ready }) => ready === 0),
    // moving the users away is the safer way to the same end, and the only one that is put back by itself
    commands: [
      ...(other ? [`/dr failover ${other} --reason "application of ${region} is broken"`] : []),
      scale(region, 0, plan),
    ],
  };
}

const restoreState = (): PlaybookStep => ({
  title: 'Restore the application state',
  state: 'unknown',
  seen: ['Holdfast keeps the database, not the files of pods: what they need is built anew from their image.'],
  commands: ['/dr playbook database'],
});

function configure(region: Region, { seen }: Seen, plan: Plan): PlaybookStep {
  const { namespace, configMap } = plan.service.kubernetes;
  const [active] = servedFrom(seen);
  return {
    title: 'Update the configuration',
    state: 'unknown',
    seen: [`${configMap.name} must say ${configMap.keys.activeRegion}=${active ?? region} in every region.`],
    commands: [`kubectl --context ${region} -n ${namespace} get configmap/${configMap.name} -o yaml`],
  };
}

function restart(region: Region, { seen }: Seen, plan: Plan): PlaybookStep {
  const wanted = plan.service.kubernetes.replicas.active;
  return {
    title: `Start the services of ${region} again`,
    ...answering(region, seen, ({ ready }) => ready >= wanted),
    commands: [scale(region, wanted, plan)],
  };
}

function verify({ seen: { traffic } }: Seen): PlaybookStep {
  const step = { title: 'Verify that it works', commands: ['/dr health', '/dr status'] };
  if (!traffic.known) return { ...step, state: 'unknown', seen: [`What users see is not known: ${traffic.why}.`] };
  const sum = (of: 'acknowledged' | 'failed'): number =>
    traffic.value.byRegion.reduce((all, each) => all + each[of], 0);
  const [acknowledged, failed] = [sum('acknowledged'), sum('failed')];
  const state = failed === 0 && acknowledged > 0 ? 'done' : 'open';
  return { ...step, state, seen: [`${acknowledged} writes acknowledged, ${failed} failed in the last seconds.`] };
}

function answering(
  region: Region,
  { replicas }: PlaybookFacts['seen'],
  isDone: (found: { ready: number; wanted: number }) => boolean,
): Pick<PlaybookStep, 'state' | 'seen'> {
  const found = replicas.get(region);
  if (!found?.known) return { state: 'unknown', seen: [`Not seen: ${found?.why ?? 'no services there'}.`] };
  const { ready, wanted } = found.value;
  return { state: isDone(found.value) ? 'done' : 'open', seen: [`${ready} of ${wanted} answer.`] };
}

const scale = (region: Region, replicas: number, { service: { kubernetes } }: Plan): string =>
  `kubectl --context ${region} -n ${kubernetes.namespace} scale deployment/${kubernetes.deployment} --replicas=${replicas}`;
