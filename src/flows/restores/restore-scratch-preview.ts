import type { Asked, Preview } from '#chatops';
import { DrError, formatDuration } from '#core';
import { RestoreOnInput, restoreOnWorkflow, SCRATCH } from '#restore';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { approvedMoment, pointFacts } from './approved-point.ts';
import { momentLines } from './choose-moment.ts';
import type { WantedPoint } from './choose-point.ts';
import { coldLines } from './cold-lines.ts';
import { lookAtChoice } from './look-at-choice.ts';
import { nameWords } from './name-words.ts';
import { namesElsewhere } from './names-elsewhere.ts';
import { usualTime } from './restore-preview.ts';

interface RestoreScratchArgs extends WantedPoint {
  readonly only: string | undefined;
  readonly as: string | undefined;
}

const HOUR_MS = 3_600_000;

/**
 * What a restore to a database of its own would do: one that the worker starts for it. Whether that worker has a mongod only
 * it can say; here it is said whether this process has one.
 */
export async function restoreScratchPreview(
  args: RestoreScratchArgs,
  asked: Asked,
  world: HoldfastWorld,
): Promise<Preview> {
  const { plan, restore } = world;
  const { scratch } = plan.mongodb.restore;
  if (!scratch) throw notInPlan();
  const anything = { name: SCRATCH, uriEnv: '', databases: ['*'] };
  const { naming, namespaces, databases } = namesElsewhere(args, anything, plan);
  const chosen = await approvedMoment(args, asked, world);
  const { point, header } = chosen;
  const looked = await lookAtChoice({ point, namespaces, naming }, world);
  const why = await restore.recovery.whyNot();
  const kept = formatDuration(scratch.keepHours * HOUR_MS);
  const names = naming === 'kept' ? [] : nameWords(naming, namespaces);
  return {
    title: `restore of ${namespaces.length > 1 ? `${namespaces.length} choices` : namespaces.join('')} to a recovery mongod`,
    job: restoreOnWorkflow.name,
    payload: RestoreOnInput.parse({ ...point, on: SCRATCH, namespaces, naming, databases }),
    facts: { ...pointFacts(chosen), chosen: namespaces, newNames: names, cluster: SCRATCH, ...scratch },
    limits: {},
    live: {},
    sections: [
      {
        lines: [
          ...momentLines(namespaces.join(', '), chosen),
          ...looked.lines,
          ...(await coldLines(world.backup.vault, header)),
          [
            `Goes to a mongod that the worker starts for it on its own machine, in ${scratch.folder}, reached from there only.`,
          ],
          ...(why === undefined ? [] : [[`Not by this process: ${why}. The worker that takes it needs one.`]]),
          ...names.map((name) => [`New name: ${name}`]),
          ['Nothing live is touched, and nothing expires in it.'],
          [`It is stopped, and its data removed, after ${kept} or by /dr restore --stop and its number.`],
          [
            `${await usualTime(world, restoreOnWorkflow.name)} Room: looked at once it is there; it waits for room for an hour.`,
          ],
        ],
      },
      {
        heading: 'It leaves the protected cluster',
        lines: [['Who may read the files of the worker may then read this.']],
      },
    ],
    details: [{ heading: 'Chosen', lines: looked.details }],
    effect: 'A copy appears beside the worker; nothing live is touched.',
    smallPrint: [`It is gone after ${kept}.`],
  };
}

const notInPlan = (): DrError =>
  new DrError(
    'NOT_FOUND',
    'user',
    'plan.yaml has no mongodb.restore.scratch, so no recovery mongod is started. Nothing was changed.',
    {
      hint: 'Have it added, or restore to a cluster that the plan names, or beside: /dr restore latest',
    },
  );
