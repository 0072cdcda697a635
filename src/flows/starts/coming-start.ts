import type { RequestRecord } from '../request-record.ts';

/** When a request that waits starts by itself; undefined where it does not, or it is not announced yet. */
export const comingStart = ({ state, starts }: Pick<RequestRecord, 'state' | 'starts'>): Date | undefined =>
  state === 'waiting' && !starts?.off ? starts?.announced?.startsAt : undefined;
