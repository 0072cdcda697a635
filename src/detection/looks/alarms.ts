import { type Alarm, openAlarms } from '#alarms';
import type { Clock } from '#core';
import { at, say } from '#core';
import type { CheckName } from '#plan';
import type { ControlStore, Look } from '#ports';
import { failed, unseen, well } from './answers.ts';
import { askedOnce } from './asked-once.ts';

/** What an alarm is about. */
export interface AlarmTopic {
  /** The rule's name. */
  readonly rule: string;
  readonly subject: string;
  readonly check: CheckName;
  /** It may be somebody's doing. */
  readonly hostile: boolean;
}

const topic = (rule: string, subject: string, check: CheckName, hostile = false): AlarmTopic => ({
  ...{ rule, subject, check, hostile },
});

/** Which check an alarm speaks for. What belongs to none of them is the last one's. */
export const ALARM_TOPICS: readonly AlarmTopic[] = [
  topic('backup-late', 'backups on time', 'resource_availability'),
  topic('backup-failed', 'the last backup', 'resource_availability'),
  topic('rpo-high', 'data at risk', 'resource_availability'),
  topic('rpo-frozen', 'what becomes durable', 'resource_availability'),
  topic('capture-leaderless', 'who captures', 'resource_availability'),
  topic('region-behind', "the regions' captured writes", 'resource_availability'),
  topic('oplog-window', 'how far the oplog reaches', 'resource_availability'),
  topic('oplog-small', 'the size of the oplog', 'resource_availability'),
  topic('damage', 'damage in the vault', 'security_posture', true),
  topic('keys-overdue', 'the age of keys', 'security_posture'),
  topic('retention-failed', 'retention', 'security_posture'),
  topic('other-alarms', 'other alarms', 'resource_availability'),
];

const ruleOf = ({ key }: Alarm): string => {
  const [name = ''] = key.split('/');
  return ALARM_TOPICS.some(({ rule }) => rule === name) ? name : 'other-alarms';
};

/** Looks at the alarms that are open, once for all topics. */
export function alarmLooks(store: ControlStore, clock: Clock): (topic: AlarmTopic) => Look {
  const open = askedOnce(() => openAlarms(store), { clock, ms: 1_000 });
  return ({ rule, hostile }) =>
    async () => {
      const alarms = await open().catch(() => undefined);
      if (!alarms) return unseen('the control store does not answer');
      const own = alarms.filter((alarm) => ruleOf(alarm) === rule);
      const [first] = own;
      if (!first) return well('no alarm', { alarms: 0 });
      const more = own.length > 1 ? ` And ${own.length - 1} more like it.` : '';
      return failed(first.title, say`${first.id} since ${at(first.since)}. ${first.cause}${more}`, {
        effect: first.effect,
        next: first.next,
        hostile,
        alarm: first.id,
        numbers: { ...first.numbers, alarms: own.length },
      });
    };
}
