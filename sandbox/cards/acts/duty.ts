import { answers, type Stage } from '../stage.ts';

/** Who is called, and what is silenced while somebody works. */
export async function duty(stage: Stage): Promise<void> {
  await answers(stage, [
    ['oncall-next', '/dr oncall next'],
    ['oncall-gaps', '/dr oncall gaps'],
    ['oncall-override', '/dr oncall override "Database Admin" david.kim --until "in 2 hours" --reason "train"'],
    ['oncall-overridden', '/dr oncall'],
    ['page-test', '/dr page test'],
    ['maintenance', '/dr maintenance us-west-2 2h "new disks"'],
    ['maintenances', '/dr maintenance'],
    ['maintenance-end', '/dr maintenance end M-1'],
  ]);
}
