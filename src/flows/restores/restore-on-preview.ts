import type { Asked, Preview } from '#chatops';
import { counted, DrError, formatBytes, outside, say, type Text } from '#core';
import type { SetDescription } from '#ports';
import { lookForRoom, RestoreOnInput, refuseUnfit, restoreOnWorkflow, SCRATCH } from '#restore';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { approvedMoment, pointFacts } from './approved-point.ts';
import { momentLines } from './choose-moment.ts';
import type { WantedPoint } from './choose-point.ts';
import { coldLines } from './cold-lines.ts';
import { lookAtChoice } from './look-at-choice.ts';
import { nameWords, newNameLines } from './name-words.ts';
import { clusterNamed, namesElsewhere, refuseTakenElsewhere } from './names-elsewhere.ts';
import { sizeOf, usualTime } from './restore-preview.ts';
import { restoreScratchPreview } from './restore-scratch-preview.ts';

interface RestoreOnArgs extends WantedPoint {
  readonly only: string | undefined;
  readonly as: string | undefined;
  readonly on: string;
}

/**
 * What a restore to another cluster would do. Nothing is replaced there and nothing live is touched, but the data leaves
 * the protected cluster: that is what is approved, and of which replica set, by its id.
 */
export async function restoreOnPreview(args: RestoreOnArgs, asked: Asked, world: HoldfastWorld): Promise<Preview> {
  if (args.on === SCRATCH) return restoreScratchPreview(args, asked, world);
  const { plan, restore } = world;
  const cluster = clusterNamed(args.on, plan);
  const { name: on } = cluster;
  const wanted = namesElsewhere(args, cluster, plan);
  const { naming, namespaces, databases } = wanted;
  const target = await restore.openCluster(on);
  try {
    const chosen = await approvedMoment(args, asked, world);
    const { point, header } = chosen;
    const [there, live] = await Promise.all([target.describe(), restore.describeLive()]);
    refuseUnfit({ name: on, there, live, liveName: restore.liveName, source: header.source, point });
    const looked = await lookAtChoice({ point, namespaces, naming }, world);
    await refuseTakenElsewhere(wanted, looked.plan, cluster, target);
    const room = await roomThere(on, target, databases, looked.bytes ?? sizeOf(header).bytes);
    const names = naming === 'kept' ? [] : nameWords(naming, namespaces);
    return {
      title: `restore of ${namespaces.length > 1 ? `${namespaces.length} choices` : namespaces.join('')} to ${on}`,
      job: restoreOnWorkflow.name,
      payload: RestoreOnInput.parse({ ...point, on, setId: there.setId, namespaces, naming, databases }),
      facts: {
        ...pointFacts(chosen),
        chosen: namespaces,
        newNames: names,
        cluster: on,
        replicaSet: there.set,
        setId: there.setId,
      },
      limits: {},
      live: {},
      sections: [
        {
          lines: [
            ...momentLines(namespaces.join(', '), chosen),
            ...looked.lines,
            ...(await coldLines(world.backup.vault, header)),
            whereLine(on, there),
            ...(header.source || live ? [] : [VERSION_UNKNOWN]),
            ...newNameLines(names),
            ['Nothing there is replaced, and nothing live is touched.'],
            ['Nothing expires in it, whatever expires in what it is a copy of.'],
            [`${await usualTime(world, restoreOnWorkflow.name)} ${room}`],
          ],
        },
        {
          heading: 'It leaves the protected cluster',
          lines: [[`Who may read ${on} may then read this. Holdfast backs nothing up there, and deletes nothing.`]],
        },
      ],
      details: [
        { heading: 'Chosen', lines: looked.details },
        { heading: 'Members there', lines: there.hosts.map((host) => [outside(host)]) },
      ],
      effect: `A copy appears on ${on}; nothing live is touched.`,
      smallPrint: ['Not needed any more? Whoever may drop databases there drops it; nothing here does.'],
    };
  } finally {
    await target.close();
  }
}

const VERSION_UNKNOWN: Text = [
  'Which MongoDB wrote it is not known: the backup does not say, and the protected set does not answer.',
];

const whereLine = (on: string, { set, hosts, primary, version }: SetDescription): Text =>
  say`Goes to ${on}: replica set ${outside(set ?? '')}, ${counted(hosts.length, 'member')}, primary ${outside(primary)}, MongoDB ${version}.`;

/** Refused at once, and not waited for: whoever asks may choose another cluster now. */
async function roomThere(
  on: string,
  target: Parameters<typeof lookForRoom>[0],
  databases: readonly string[],
  bytes: number,
): Promise<string> {
  const room = await lookForRoom(target, databases, bytes);
  if (!room) return 'Room: not known, its user lacks dbStats on local.';
  if (room.fits) return `Room: yes, ${formatBytes(room.freeBytes)} free.`;
  const { member, freeBytes, neededBytes, keptBytes } = room;
  throw new DrError(
    'DISK_FULL',
    'user',
    `${on} has no room: ${member} has ${formatBytes(freeBytes)} free, ${formatBytes(neededBytes)} are needed and ${formatBytes(keptBytes)} stay free. Nothing was changed.`,
    { hint: 'Make room there, choose less with --only, or take another cluster.' },
  );
}
