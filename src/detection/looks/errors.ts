import { asDrError, formatCount, formatDuration, outside, type Region } from '#core';
import type { Look, TrafficView } from '#ports';
import { failed, unseen, well } from './answers.ts';

/** Fewer requests in a window say nothing about a share. */
const TELLING = 20;

/** The share of requests that fail in a region, as those who make them see it. */
export const errorsLook =
  (view: () => Promise<TrafficView>, region: Region, limitPercent: number): Look =>
  async () => {
    const seen = await view().catch(asDrError);
    // whoever counts is not the service: without the figures nothing is known about it
    if (seen instanceof Error) return unseen(['no traffic figures: ', outside(seen.message)]);
    const own = seen.byRegion.find((each) => each.region === region);
    const requests = (own?.acknowledged ?? 0) + (own?.failed ?? 0);
    const window = formatDuration(seen.windowMs);
    if (!own || requests < TELLING) return unseen(`${formatCount(requests)} requests in ${window} say too little`);
    const percent = Math.round((own.failed / requests) * 1_000) / 10;
    const words = `${percent} % of ${formatCount(requests)} requests failed in ${window}, limit ${limitPercent} %`;
    const numbers = { percent, requests };
    return percent < limitPercent ? well(words, numbers) : failed('service refuses requests', words, { numbers });
  };
