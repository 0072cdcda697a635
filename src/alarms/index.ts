/**
 * Alarms: what is wrong and lasts, each kept as one fact with its beginning, cause and next command, until it is over.
 * Rules look (src/flows/alarms has them), `keepRule` remembers, the record tells. Whoever wants to page people or open an
 * incident asks `openAlarms`.
 */
export { Alarm, type BadSighting, type Rule, type Sighting } from './alarm.ts';
export { readAlarm } from './alarm-records.ts';
export { keepRule } from './keep-rule.ts';
export { openAlarms } from './open-alarms.ts';
export { tellAlarms } from './tell-alarms.ts';
