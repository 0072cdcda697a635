import type { Asked } from '#chatops';

/** The next primary in what people approved already: it stays, while it is as fit as the others. */
export const approvedHost = ({ approved }: Asked): string | undefined => {
  const host = approved?.['primaryAfter'];
  return typeof host === 'string' ? host : undefined;
};
