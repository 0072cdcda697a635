import { openAlarms } from '#alarms';
import { type ReadinessCheck, ready, weak } from '../readiness-check.ts';

/** Alarms by whose trouble more would be lost with the region. */
const RULES = ['rpo-high', 'rpo-frozen', 'capture-leaderless', 'region-behind', 'oplog-window', 'damage'];

/** What a failover would put back is being captured, and the oplog reaches back far enough. */
export const watched: ReadinessCheck = {
  name: 'capture and oplog',
  look: async ({ store }) => {
    const open = (await openAlarms(store)).filter(({ key }) => RULES.includes(key.split('/')[0] ?? ''));
    const [first] = open;
    return first ? weak([open.map(({ title }) => title).join('; ')], first.next) : ready(['no alarm']);
  },
};
