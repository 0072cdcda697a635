import type { Look, ProbeResult } from '#ports';

/** One look, that nobody ends. */
export const see = (look: Look): Promise<ProbeResult> => look(new AbortController().signal);
